package formats

import (
	"bytes"
	"regexp"
	"slices"
)

// foreign is a kind of file that is no configuration of Kafka, or one that kcheck does not read: what it is, and what to
// give instead.
type foreign struct {
	name   string
	claims func(*content) bool
	advice string
}

// foreigners lists what people have beside their configurations, in the order in which they are asked. What they have in
// common is that Java's reader of .properties would take any of them.
var foreigners = []foreign{
	{"a GitHub Actions workflow", all(line(`jobs[ \t]*:`), either(line(`["']?on["']?[ \t]*:`), line(`[ \t]+runs-on[ \t]*:`))), "give the configuration that it deploys"},
	{"a CI pipeline", either(all(line(`stages[ \t]*:`), line(`[ \t]+(?:- )?script[ \t]*:`)), either(all(line(`version[ \t]*:[ \t]*["']?2`), line(`(?:jobs|workflows)[ \t]*:`)), all(line(`(?:trigger|pool)[ \t]*:`), line(`[ \t]*(?:- )?(?:vmImage|script|task)[ \t]*:`)))), "give the configuration that it deploys"},
	{"a CI pipeline", all(line(`(?:blocks|pipeline|jobs|stages|steps|parameters)[ \t]*:`), line(`[ \t]*-[ \t]+(?:task|checkout|displayName|job|stage|template|bash)[ \t]*:|[ \t]+commands[ \t]*:`)), "give the configuration that it deploys"},
	{"a configuration of JAAS", all(line(`[A-Za-z][\w-]*[ \t]*\{[ \t\r]*$`), line(`[ \t]+[A-Za-z0-9_.]+LoginModule[ \t]+(?:required|requisite|sufficient|optional)\b`)), "give the configuration of the client or the broker"},
	{"a configuration in HOCON", func(c *content) bool { return hocon(c) && !isTerraform(c) }, "give the settings of the client, as key=value lines, or with --set"},
	{"a template of Helm or Jinja", template, "give what it makes: the output of helm template, or the file on the host"},
	{"the description of a Helm chart", all(line(`apiVersion[ \t]*:[ \t]*v[12][ \t\r]*$`), all(line(`name[ \t]*:`), line(`version[ \t]*:`))), "give the output of helm template"},
	{"a shell script", starts("#!"), "give the file that it writes"},
	{"a Dockerfile", line(`(?i:FROM)[ \t]+[a-z0-9][^\s=]*(?:[ \t]+(?i:AS)[ \t]+\S+)?[ \t\r]*$`), "give the configuration that is copied into the image"},
	{"a configuration of logging", either(hasKey(hasPrefix("log4j.")), either(hasKey(isOneOf("rootLogger.level")), line(`Configuration[ \t]*:[ \t\r]*$`))), "give the configuration of the client or the broker"},
	{"a configuration of the JMX exporter", all(line(`rules[ \t]*:`), line(`[ \t]*-?[ \t]*pattern[ \t]*:`)), "give the brokers' configuration"},
	{"a configuration of Prometheus", line(`(?:scrape_configs|groups)[ \t]*:`), "give the configuration of the clients or the brokers"},
	{"a dashboard", inJSONAll(`"panels"[ \t\r\n]*:`, `"(?:schemaVersion|templating)"[ \t\r\n]*:`), "give the configuration of the clients or the brokers"},
	{"a schema", inJSONAll(`"type"[ \t\r\n]*:[ \t\r\n]*"record"`, `"fields"[ \t\r\n]*:`), "give the configuration of the clients"},
	{"a description of a JavaScript package", inJSONAll(`"(?:dependencies|devDependencies|scripts)"[ \t\r\n]*:`, `"(?:name|version)"[ \t\r\n]*:`), "give the configuration of the clients"},
	{"a description of an interface", either(line(`["']?(?:openapi|asyncapi|swagger)["']?[ \t]*:`), inJSON(`"(?:openapi|asyncapi|swagger)"[ \t\r\n]*:`)), "give the configuration of the clients"},
	{"a script of SQL", line(`(?i:CREATE|INSERT|SET|DROP|SELECT)[ \t]+(?i:STREAM|TABLE|INTO|'[a-z.]+'|OR REPLACE|SOURCE|SINK|IF EXISTS)\b`), "give ksql-server.properties"},
	{"source code", either(line(`(?:package|import)[ \t]+[A-Za-z_][\w.]*;?[ \t\r]*$`), either(line(`(?:from[ \t]+\S+[ \t]+import|def|class|func|public|using)[ \t]+\w`), line(`(?:const|let|var)[ \t]+\w+[ \t]*=[ \t]*(?:require|await|new)\b`))), "give the settings that it passes to the client, as key=value lines, or with --set"},
	{"a build file", either(line(`(?:plugins|dependencies|repositories)[ \t]*\{`), line(`lazy val `)), "give the configuration of the clients"},
}

// refuseForeign refuses a file that is something else by what it is.
func (r *reading) refuseForeign() bool {
	for _, f := range foreigners {
		if f.claims(r.content) {
			r.fail(Position{r.File, 1, 1}, "", "this is %s and no configuration of Kafka; %s", f.name, f.advice)
			return true
		}
	}
	return false
}

// all claims what both of two claim.
func all(a, b func(*content) bool) func(*content) bool {
	return func(c *content) bool { return a(c) && b(c) }
}

// inJSONAll claims a JSON document in which all patterns occur, and no setting of a connector.
func inJSONAll(patterns ...string) func(*content) bool {
	var claims []func(*content) bool
	for _, p := range patterns {
		claims = append(claims, inJSON(p))
	}
	connector := inJSON(`"connector\.class"`)
	return func(c *content) bool {
		return !connector(c) && !slices.ContainsFunc(claims, func(claim func(*content) bool) bool { return !claim(c) })
	}
}

func starts(text string) func(*content) bool {
	return func(c *content) bool { return bytes.HasPrefix(c.data, []byte(text)) }
}

func hasPrefix(prefix string) func(string) bool {
	return func(key string) bool { return len(key) >= len(prefix) && key[:len(prefix)] == prefix }
}

// templateAction matches what a template engine replaces, where it is no text in quotes: a line {{- if .x }}, a value
// {{ .Values.x }}, a line {% for x in y %}.
var templateAction = regexp.MustCompile(`(?m)^[ \t-]*\{[{%]|^[^#\r\n]*[:=][ \t]*\{\{`)

// template claims a file that a template engine fills in. Values of a chart and compose files have templates in texts.
func template(c *content) bool {
	return templateAction.Match(c.data) && !isHelmValues(c) && !line(`services[ \t]*:`)(c)
}

// hocon claims what opens a block at the left margin: akka {, kafka = {.
var hocon = line(`[A-Za-z][\w.-]*[ \t]*(?:=[ \t]*)?\{[ \t\r]*$`)

// nestedYAML matches a mapping or a list below a key: YAML that Java's reader of .properties would take line by line.
var nestedYAML = regexp.MustCompile(`(?m)^[ \t]*(?:- )?["']?[A-Za-z0-9_./-]+["']?:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*[ \t]*(?:- |[ \t]+["']?[A-Za-z0-9_./-]+["']?[ \t]*:)`)

// isNested says whether a file is YAML with more than one level.
func isNested(data []byte) bool {
	return nestedYAML.Match(data) || bytes.HasPrefix(bytes.TrimSpace(data), []byte("- "))
}
