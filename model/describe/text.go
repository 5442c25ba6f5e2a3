package describe

import (
	"fmt"
	"strings"

	"github.com/kcheck/kcheck/model"
)

// Text tells a step in one sentence in Kafka's words, without a capital or a full stop.
func Text(s *model.Step) string {
	a := model.ActionNamed(s.Action)
	return fill(a.Text+a.OutcomeNamed(s.Outcome).Text, sentenceParam(&s.Params))
}

// sentenceParam finds parameters of a step by name as a sentence has them; empty for one that is not given.
func sentenceParam(p *model.Params) func(name string) string {
	return func(name string) string {
		if name == "member" {
			return map[model.Member]string{model.MemberOwner: "the process",
				model.MemberFormer: "the process that has lost the partition",
				model.MemberFirst:  string(model.MemberFirst), model.MemberSecond: string(model.MemberSecond)}[p.Member]
		}
		return param(p, name)
	}
}

// param is a parameter by its name in JSON; empty for one that is not given.
func param(p *model.Params, name string) string {
	switch name {
	case "message":
		return given(p.Message != 0, p.Message)
	case "messages":
		return names(p.Messages, ", ", " and ")
	case "broker":
		return given(p.Broker != 0, p.Broker)
	case "leader":
		return p.Leader.String()
	case "transaction":
		return given(p.Transaction != 0, p.Transaction)
	case "offset":
		return optional(p.Offset)
	case "committed":
		return optional(p.Committed)
	case "delivery":
		return given(p.Delivery > 1, p.Delivery)
	case "high_watermark":
		return optional(p.HighWatermark)
	case "epoch":
		return optional(p.Epoch)
	}
	return ""
}

func given(is bool, value any) string {
	if !is {
		return ""
	}
	return fmt.Sprint(value)
}

func optional(n *int) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}

// names joins names in a sentence, with another word before the last.
func names[T fmt.Stringer](list []T, between, last string) string {
	var b strings.Builder
	for i, item := range list {
		switch {
		case i == 0:
		case i == len(list)-1:
			b.WriteString(last)
		default:
			b.WriteString(between)
		}
		b.WriteString(item.String())
	}
	return b.String()
}

// fill puts parameters in the place of their names in braces. What stands in brackets is left out where a parameter in it
// is empty.
func fill(template string, param func(name string) string) string {
	var b strings.Builder
	for template != "" {
		before, rest, bracketed := strings.Cut(template, "[")
		text, _ := replace(before, param)
		b.WriteString(text)
		if !bracketed {
			break
		}
		inside, after, _ := strings.Cut(rest, "]")
		if text, complete := replace(inside, param); complete {
			b.WriteString(text)
		}
		template = after
	}
	return b.String()
}

// replace puts parameters in the place of their names, and says whether all were given.
func replace(template string, param func(name string) string) (text string, complete bool) {
	var b strings.Builder
	complete = true
	for {
		before, rest, found := strings.Cut(template, "{")
		b.WriteString(before)
		if !found {
			return b.String(), complete
		}
		name, after, _ := strings.Cut(rest, "}")
		value := param(name)
		complete = complete && value != ""
		b.WriteString(value)
		template = after
	}
}
