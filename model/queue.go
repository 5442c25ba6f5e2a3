package model

import "github.com/kcheck/kcheck/explore"

// queueActions are the producer's full queue.
var queueActions = []*Action{sendMeetsFullQueue, brokersAnswerAgain, brokersAreSlow}

// hasQueue says that a send goes through a queue or buffer that can be full. The synchronous 0.8 producer has none.
func (m *Model) hasQueue() bool { return m.c.Prod.Client != Scala08 || m.c.Prod.Async }

var brokersAreSlow = &Action{
	Name: "BrokersAreSlow", Area: AreaClients, Actor: ActorBrokers, Over: Once, Class: explore.Fault, Fault: SlowBroker,
	Doc: Doc{
		Summary: "BrokersAreSlow is the fault slow-broker: the brokers do not answer for a while and the producer's " +
			"queue is full.",
		Guard:     "They answer, and a message has yet to be sent or acknowledged.",
		Effect:    "Until BrokersAnswerAgain nothing is appended and no answer arrives, and a send meets a full queue.",
		Abstracts: "How long, and how full: the timers that guard an answer may run out meanwhile.",
		Sources: []string{
			"queue.buffering.max.messages and queue.enqueue.timeout.ms (0.8.2, Producer.asyncSend)",
			"buffer.memory and max.block.ms (BufferPool.allocate)",
			"queue.buffering.max.kbytes of librdkafka (RD_KAFKA_RESP_ERR__QUEUE_FULL)",
		},
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		return !s.control(ctlSlowShift) && !m.producerDone(s)
	},
	Effect: func(m *Model, s *State, b Binding) { s.setControl(ctlSlowShift, true) },
	Text:   "the brokers do not answer for a while; the producer's queue fills up",
	Causes: []Cause{byQueueFull},
	Route:  Route{From: ActorBrokers, Label: "no answers"},
	Forced: Forced{Unsteady, "the cluster has to be prepared for it when the run begins"},
}

var brokersAnswerAgain = &Action{
	Name: "BrokersAnswerAgain", Time: Timing{Step: "slow"}, Area: AreaClients, Actor: ActorBrokers, Over: Once,
	Doc: Doc{
		Summary:   "BrokersAnswerAgain ends BrokersAreSlow.",
		Guard:     "The brokers are slow.",
		Effect:    "They answer, and the queue has room again.",
		Abstracts: "The queue drains at once.",
		Sources: []string{
			"As BrokersAreSlow",
		},
	},
	Applies: func(m *Model) bool { return m.c.Faults[SlowBroker] > 0 },
	Guard:   func(m *Model, s *State, b Binding) bool { return s.control(ctlSlowShift) },
	Effect:  func(m *Model, s *State, b Binding) { s.setControl(ctlSlowShift, false) },
	Text:    "the brokers answer again",
	Causes:  anyConfiguration,
	Route:   Route{From: ActorBrokers, Label: "answer again"},
	Forced:  steady,
}

var sendMeetsFullQueue = &Action{
	Name: "SendMeetsFullQueue", Time: Timing{Step: "max-block"}, Area: AreaClients, Actor: "producer", Over: PerMessage, Class: explore.Recovery,
	Doc: Doc{
		Summary: "SendMeetsFullQueue is a call of send that finds the queue full and ends in an error.",
		Guard: "The queue is full, and a send does not block for ever: it fails at once, or when its time has run " +
			"out. With a producer that blocks for ever the call does not return; threads pile up behind it until " +
			"the process dies (ProducerCrashes). An application that sends again on an error would meet the same " +
			"until the queue has room.",
		Effect:    "The message is dropped and the caller gets an exception, whatever it does about callbacks.",
		Abstracts: "Waiting and failing are one step.",
		Sources: []string{
			"QueueFullException (0.8.2, Producer.asyncSend)",
			"TimeoutException of KafkaProducer.send after max.block.ms",
		},
	},
	Applies: func(m *Model) bool {
		return m.c.Faults[SlowBroker] > 0 && m.hasQueue() && m.c.Prod.QueueFull != QueueBlocks && !m.c.App.ResendOnError
	},
	Guard: func(m *Model, s *State, b Binding) bool {
		return s.control(ctlSlowShift) && m.isNext(s, b.Msg)
	},
	Effect: func(m *Model, s *State, b Binding) {
		m.leaveUnnumbered(s, b.Msg)
		s.setPhase(b.Msg, Failed)
		s.setSendErrorReported(b.Msg, true)
	},
	Text:   "the send of {message} meets a full queue; the message is dropped and the caller gets an exception",
	Causes: []Cause{byQueueFull},
	Route:  Route{From: "producer", To: "application", Label: "queue full"},
	Forced: steady,
}
