using Congress.Data;
using Congress.Diagnostics;
using Congress.Policies;

namespace Congress.Tests.Datalog.Analysis;

public class FindingsTests
{
    [Fact]
    public void A_message_that_names_no_variable_of_its_rule_is_a_warning_and_keeps_the_braces()
    {
        using var engine = new PolicyEngine();
        var warning = Assert.Single(engine.InsertRules("""
            v("a", "b").
            @message("{vm} is on {nett}")
            error(vm) :- v(vm, net).
            """));
        Assert.Equal(DiagnosticSeverity.Warning, warning.Severity);
        Assert.Equal("CGS0007 (2:10): the message names 'nett', which is no variable of the rule; did you mean net?", warning.ToString());
        Assert.Equal("a is on {nett}", engine.Violations.Single().Message);
    }

    [Fact]
    public void A_message_of_an_aggregate_can_name_the_columns_of_its_head_only()
    {
        using var engine = new PolicyEngine();
        var warning = Assert.Single(engine.InsertRules("""
            v("a", "b").
            @message("{vm} is on {net}")
            error(net, count(vm)) :- v(vm, net).
            """));
        Assert.Contains("'vm', which has many values for one row of an aggregate", warning.Message, StringComparison.Ordinal);
        Assert.Equal("{vm} is on b", engine.Violations.Single().Message);
    }

    [Theory]
    [InlineData("execute[nova:pase(x)] :- q(x).", "warning CGS0101 (1:1): nova offers no action pase; did you mean pause?")]
    [InlineData("execute[nova:pase(server=x)] :- q(x).", "error CGS0101 (1:1): nova offers no action pase; did you mean pause?")]
    [InlineData("execute[nova:pause(x)] :- q(x).", "error CGS0104 (1:1): nova:pause has 2 columns, but 1 argument is given; its columns are server, reason")]
    [InlineData("execute[nova:pause(sever=x)] :- q(x).", "error CGS0102 (1:20): nova:pause has no column sever; did you mean server?")]
    [InlineData("execute[nvoa:pause(server=x)] :- q(x).", "warning CGS0106 (1:1): there is no policy or datasource nvoa yet; did you mean nova?")]
    [InlineData("execute[policy:pause(server=x)] :- q(x).", "error CGS0105 (1:1): the arguments of the action policy:pause have no names; give them by position")]
    [InlineData("p(x) :- q(x), not p(x).", "error CGS0208 (1:1): rules are recursive: policy:p uses policy:p (1:1); policies of kind recursive allow recursion, but not through negation or an aggregate")]
    [InlineData("p(x) :- lt(x, 5), len(y, _).", "error CGS0205 (1:9): 'x' in lt(x, 5) is not bound by a positive literal; the first 2 arguments of lt are its inputs|"
        + "error CGS0205 (1:19): 'y' in len(y, _) is not bound by a positive literal; the first argument of len is its input")]
    [InlineData("p(x) :- execute[nova:pause(x, x)].", "error CGS0206 (1:9): 'execute' is not allowed in a body")]
    [InlineData("p(_) :- q(_).", "error CGS0204 (1:3): '_' in the head p(_) is bound by nothing; every _ is a variable of its own; give the one in the body a name")]
    [InlineData("policy:p(1).", "error CGS0203 (1:1): the fact policy:p(1) names a policy; write p")]
    public void What_a_rule_says_wrongly_is_told_once_and_exactly(string text, string expected)
    {
        using var engine = PolicyEngine.Create("q(1).");
        engine.CreateDatasource("nova", [new TableSchema("servers", "id")], [new TableSchema("pause", "server", "reason")]);
        Assert.Equal(expected.Split('|'), engine.Apply(new PolicyBatch().InsertRules(text)).Diagnostics
            .Select(d => $"{(d.Severity == DiagnosticSeverity.Error ? "error" : "warning")} {d}"), StringComparer.Ordinal);
    }

    [Fact]
    public void An_action_whose_datasource_is_not_there_makes_its_rule_wait()
    {
        using var engine = PolicyEngine.Create("execute[nova:pause(server=x)] :- q(x). q(1).");
        Assert.Equal((RuleState.Waiting, "nova"), (engine.Rules[0].State, engine.Rules[0].WaitsFor.Single()));
        engine.CreateDatasource("nova", [], [new TableSchema("pause", "server", "reason")]);
        Assert.Equal(["execute[nova:pause(1, null)]"], engine.Query("execute[nova:pause(x, y)]").Instances);
    }

    [Fact]
    public void A_table_that_a_later_text_of_the_batch_defines_is_defined()
    {
        using var engine = new PolicyEngine();
        var result = engine.Apply(new PolicyBatch().CreatePolicy("net")
            .InsertRules("p(x) :- net:public(x).").InsertRules("public(1, 2).", "net"));
        Assert.Empty(result.Diagnostics);
        Assert.Equal(["p(1)"], engine.Query("p(x)").Instances);
    }

    [Fact]
    public void A_declaration_counts_before_the_facts_of_its_batch()
    {
        var result = new PolicyEngine().Apply(new PolicyBatch().InsertRules("declare t(a). t(1, 2)."));
        Assert.Equal(["CGS0104 (1:15): t has 1 column, but 2 arguments are given; its columns are a"], result.Diagnostics.Select(d => d.ToString()), StringComparer.Ordinal);
    }
}
