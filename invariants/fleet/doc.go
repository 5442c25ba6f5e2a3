// Package fleet checks every topic of a cluster, or of a folder, with the applications that use it. Topics and
// applications are many and configurations are few: what comes to one configuration is asked once.
//
//	f := fleet.New()
//	f.Add(resolved, fleet.Members{Topics: topics, Applications: applications})
//	f.Fill(answers) // of f.Units()
package fleet
