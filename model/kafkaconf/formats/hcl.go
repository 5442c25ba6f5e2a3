package formats

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// TerraformLanguage is what a file in Terraform's own language is taken for.
const TerraformLanguage = "Terraform configuration"

// isTerraform claims a file in Terraform's language.
var isTerraform = line(`[ \t]*(?:resource|data|provider|module|variable|output)[ \t]+"[^"]*"(?:[ \t]+"[^"]*")?[ \t]*\{|(?:terraform|locals)[ \t]*\{`)

// terraformReader reads resources whose attributes are literal, or made of variables with a default and of locals in the
// same file.
type terraformReader struct {
	*reading
	values *hcl.EvalContext
	msk    bool // a cluster or a configuration of Amazon MSK is read
	zones  int  // its availability zones
}

// readTerraformLanguage reads the topics and the brokers' settings of a .tf file. What only Terraform can evaluate is a
// failure where it decides, and a note elsewhere.
func readTerraformLanguage(r *reading) {
	if tooDeepHCL(r.content.data) {
		r.fail(Position{r.File, 1, 1}, "", "nested deeper than any configuration")
		return
	}
	file, diagnostics := hclsyntax.ParseConfig(r.content.data, r.File, hcl.InitialPos)
	if diagnostics.HasErrors() {
		for _, d := range diagnostics.Errs() {
			r.hclFailure(d)
		}
		return
	}
	body, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		return
	}
	t := &terraformReader{reading: r}
	t.evaluate(body)
	var topics []*topic
	read, cloud := 0, 0
	for _, block := range body.Blocks {
		if block.Type != "resource" || len(block.Labels) != 2 {
			continue
		}
		read++
		switch block.Labels[0] {
		case "kafka_topic":
			topics = append(topics, t.topic(block, "name", "replication_factor", "partitions"))
		case "confluent_kafka_topic":
			cloud++
			topics = append(topics, t.topic(block, "topic_name", "", "partitions_count"))
		case "aws_msk_topic":
			topics = append(topics, t.topic(block, "name", "replication_factor", "partition_count"))
		case "aws_msk_configuration":
			t.server(block)
		case "aws_msk_cluster":
			t.mskCluster(block)
		default:
			read--
		}
	}
	if read == 0 && !r.problems.Failed() {
		r.fail(Position{r.File, 1, 1}, "", "this is Terraform's language, and no kafka_topic, confluent_kafka_topic, aws_msk_topic, aws_msk_configuration or aws_msk_cluster is in it; give terraform show -json of the plan")
		return
	}
	if t.msk {
		r.mskDefaults(t.zones, Position{File: r.File})
	}
	r.choose(topics)
	if cloud > 0 && cloud == len(topics) {
		r.confluentCloud()
	}
}

// confluentCloud adds what Confluent Cloud has in place of Kafka's defaults: three replicas, of which two have to be in sync
// (its documentation, Manage topics; confluent_kafka_topic of the provider reads the same back).
func (r *reading) confluentCloud() {
	if slices.Contains(r.Given, Topic) {
		r.rules(Topic, FrameworkDefault, "default of Confluent Cloud", Position{File: r.File}, "replication.factor", "3", "min.insync.replicas", "2")
	}
}

// tooDeepHCL finds expressions that the parser would follow recursively deeper than any configuration has them: brackets,
// chains of signs, and conditions in conditions.
func tooDeepHCL(data []byte) bool {
	const limit = 200
	depth, signs, conditions := 0, 0, 0
	for _, c := range data {
		switch c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth = max(0, depth-1)
		case '?':
			conditions++
		}
		switch c {
		case '!', '-':
			signs++
		case ' ', '\t':
		default:
			signs = 0
		}
		if depth > limit || signs > limit || conditions > 5*limit {
			return true
		}
	}
	return false
}

// hclFailure reports what the parser found.
func (r *reading) hclFailure(err error) {
	if d, ok := err.(*hcl.Diagnostic); ok && d.Subject != nil {
		r.fail(Position{r.File, d.Subject.Start.Line, d.Subject.Start.Column}, "", "not valid in Terraform's language: %s; %s", OneLine(d.Summary),
			strings.TrimSuffix(OneLine(d.Detail), "."))
		return
	}
	r.fail(Position{}, "", "not valid in Terraform's language; terraform validate says more")
}

// evaluate finds the values of variables with a default and of locals.
func (t *terraformReader) evaluate(body *hclsyntax.Body) {
	variables, locals := map[string]cty.Value{}, map[string]cty.Value{}
	t.values = &hcl.EvalContext{Variables: map[string]cty.Value{}}
	for _, block := range body.Blocks {
		if block.Type == "variable" && len(block.Labels) == 1 {
			if attribute, found := block.Body.Attributes["default"]; found {
				if v, diagnostics := attribute.Expr.Value(t.values); !diagnostics.HasErrors() {
					variables[block.Labels[0]] = v
				}
			}
		}
	}
	t.values.Variables["var"] = cty.ObjectVal(variables)
	for _, block := range body.Blocks {
		for name, attribute := range block.Body.Attributes {
			if block.Type != "locals" {
				continue
			}
			if v, diagnostics := attribute.Expr.Value(t.values); !diagnostics.HasErrors() {
				locals[name] = v
			}
		}
	}
	t.values.Variables["local"] = cty.ObjectVal(locals)
}

// text is the value of an expression; false where only Terraform can evaluate it.
func (t *terraformReader) text(e hclsyntax.Expression) (string, bool) {
	v, diagnostics := e.Value(t.values)
	if diagnostics.HasErrors() || !v.IsWhollyKnown() || v.IsNull() {
		return "", false
	}
	s, err := convert.Convert(v, cty.String)
	if err != nil || s.IsNull() {
		return "", false
	}
	return s.AsString(), true
}

// place is where a part of the file begins.
func (t *terraformReader) place(r hcl.Range) Position {
	return Position{t.File, r.Start.Line, r.Start.Column}
}

// attribute adds an attribute of a resource as a setting of a topic.
func (t *terraformReader) attribute(into *topic, key string, keyAt hcl.Range, e hclsyntax.Expression) {
	text, known := t.text(e)
	if !known {
		text = "${" + strings.TrimSpace(string(e.Range().SliceBytes(t.content.data))) + "}"
	}
	into.add(key, text, t.place(keyAt), t.place(e.Range()))
}

// topic reads a topic; the providers name its attributes differently.
func (t *terraformReader) topic(block *hclsyntax.Block, name, factor, partitions string) *topic {
	label := block.Labels[1]
	if attribute, found := block.Body.Attributes[name]; found {
		if text, known := t.text(attribute.Expr); known {
			label = text
		}
	}
	out := t.topicOf(label, t.place(block.DefRange()))
	for _, a := range [][2]string{{factor, "replication.factor"}, {partitions, "partitions"}} {
		if attribute, found := block.Body.Attributes[a[0]]; found {
			t.attribute(out, a[1], attribute.NameRange, attribute.Expr)
		}
	}
	config, found := block.Body.Attributes["config"]
	if !found {
		return out
	}
	object, literal := config.Expr.(*hclsyntax.ObjectConsExpr)
	if !literal {
		t.fail(t.place(config.NameRange), "config", "only Terraform can evaluate this; give terraform show -json of the plan")
		return out
	}
	for _, item := range object.Items {
		if key, known := t.text(item.KeyExpr); known {
			t.attribute(out, key, item.KeyExpr.Range(), item.ValueExpr)
		}
	}
	return out
}

// server reads server_properties of an MSK configuration: the text of a .properties file.
func (t *terraformReader) server(block *hclsyntax.Block) {
	t.msk = true
	attribute, found := block.Body.Attributes["server_properties"]
	if !found {
		return
	}
	text, known := t.text(attribute.Expr)
	if !known {
		t.fail(t.place(attribute.NameRange), "server_properties", "only Terraform can evaluate this; give terraform show -json of the plan")
		return
	}
	t.Give(Broker)
	begin := t.place(attribute.Expr.Range())
	properties, problems := ParseProperties(t.File, []byte(text))
	for _, p := range problems {
		t.fail(begin, "server_properties", "line %d: %s", p.Line, p.Message)
	}
	for _, p := range t.lastOnly(properties) {
		at := begin
		at.Line += p.KeyAt.Line // the text of a heredoc begins on the next line
		at.Column = p.KeyAt.Column
		t.put(Broker, p.Key, p.Value, at, at)
	}
}

// mskCluster reads the version and the number of brokers of an MSK cluster.
func (t *terraformReader) mskCluster(block *hclsyntax.Block) {
	t.Give(Broker)
	t.msk = true
	for _, group := range block.Body.Blocks {
		if subnets, found := group.Body.Attributes["client_subnets"]; found && group.Type == "broker_node_group_info" {
			if list, literal := subnets.Expr.(*hclsyntax.TupleConsExpr); literal {
				t.zones = len(list.Exprs)
			}
		}
	}
	if attribute, found := block.Body.Attributes["kafka_version"]; found {
		if text, known := t.text(attribute.Expr); known {
			t.version(text, t.place(attribute.NameRange))
		}
	}
	if attribute, found := block.Body.Attributes["number_of_broker_nodes"]; found {
		if text, known := t.text(attribute.Expr); known {
			t.Brokers, t.BrokersAt = wholeNumber(text), t.place(attribute.NameRange)
		}
	}
}
