using System.Text.Json;

namespace Congress.Tests.Cli;

/// <summary>Why a row is there, and why not, on the command line.</summary>
public sealed class ExplainTests : IDisposable
{
    private const string Row = "error(\"vm-1\", \"net-b\")";

    private readonly CommandSandbox _sandbox = new CommandSandbox()
        .With("network.dl", """
            @id("foreign") @message("{vm} uses {net}")
            error(vm, net) :- nova:servers(vm, _, owner), neutron:ports(_, vm, net), neutron:networks(net, other),
                owner != other, not shared(net).
            shared("net-s").
            used(net, count(port)) :- neutron:ports(port, _, net).
            """)
        .With("facts/nova/servers.csv", "id,status,owner\nvm-0,ACTIVE,bob\nvm-1,ACTIVE,ann\n")
        .With("facts/neutron/networks.csv", "id,owner\nnet-b,bob\nnet-s,bob\n")
        .With("facts/neutron/ports.json", """
            [{"id": "p0", "vm": "vm-0", "net": "net-b"},
             {"id": "p1", "vm": "vm-1", "net": "net-b"}, {"id": "p2", "vm": "vm-1", "net": "net-s"}]
            """);

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task A_row_is_explained_by_rules_and_facts_with_their_places()
    {
        var result = await Explain(Row);

        Assert.Equal((0, """
            policy:error("vm-1", "net-b")   // by foreign: error(vm, net) :- nova:servers(vm, _, owner), neutron:ports(_, vm, net), neutron:networks(net, other), owner != other, not shared(net)
            ├─ nova:servers("vm-1", "ACTIVE", "ann")   // fact, facts/nova/servers.csv:3
            ├─ neutron:ports("p1", "vm-1", "net-b")   // fact, facts/neutron/ports.json:2 $[1]
            ├─ neutron:networks("net-b", "bob")   // fact, facts/neutron/networks.csv:2
            ├─ "ann" != "bob"
            └─ not shared("net-b")   // the only row of policy:shared is another

            """.ReplaceLineEndings("\n"), ""), (result.ExitCode, result.Output, result.Error));
    }

    [Theory]
    [InlineData("error(\"vm-1\", \"net-s\")", "    4 of 5 conditions hold; it lacks not shared(\"net-s\"): policy:shared(\"net-s\") is there")]
    [InlineData("error(\"vm-0\", \"net-b\")", "    4 of 5 conditions hold; it lacks \"bob\" != \"bob\": the values compare otherwise")]
    [InlineData("error(\"vm-1\", \"net-B\")", "    1 of 5 conditions hold; it lacks neutron:ports(_, \"vm-1\", \"net-B\"): nearest neutron:ports(\"p1\", \"vm-1\", \"net-b\"), neutron:ports(\"p2\", \"vm-1\", \"net-s\"); did you mean \"net-b\"?")]
    [InlineData("used(\"net-b\", 3)", "    its conditions hold, but the aggregate gives another value")]
    [InlineData("nova:servers(\"vm-1\", \"ACTIV\", _)", "no row nova:servers(\"vm-1\", \"ACTIV\", _): nearest nova:servers(\"vm-1\", \"ACTIVE\", \"ann\"); did you mean \"ACTIVE\"?")]
    public async Task What_is_lacking_is_told_with_what_is_nearest(string row, string lastLine)
    {
        var result = await Explain(row);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(lastLine, result.Output.TrimEnd('\n').Split('\n')[^1]);
    }

    [Fact]
    public async Task The_rows_of_a_group_explain_an_aggregate()
    {
        var result = await Explain("used(\"net-b\", n)");

        Assert.Contains("policy:used(\"net-b\", 2)", result.Output, StringComparison.Ordinal);
        Assert.Contains("├─ neutron:ports(\"p0\", \"vm-0\", \"net-b\")", result.Output, StringComparison.Ordinal);
        Assert.Contains("└─ neutron:ports(\"p1\", \"vm-1\", \"net-b\")", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_lists_each_row_once_and_conditions_refer_to_them()
    {
        var rows = JsonElement.Parse((await Explain(Row, "--json")).Output).GetProperty("rows");

        Assert.Equal("policy:error", rows[0].GetProperty("table").GetString());
        Assert.Equal("foreign", rows[0].GetProperty("rule").GetProperty("id").GetString());
        Assert.Equal("vm-1 uses net-b", rows[0].GetProperty("rule").GetProperty("message").GetString());
        var below = rows[0].GetProperty("conditions")[1].GetProperty("rows")[0].GetInt32();
        Assert.Equal("$[1]", rows[below].GetProperty("origin").GetProperty("path").GetString());
        var absence = JsonElement.Parse((await Explain("error(\"vm-0\", \"net-b\")", "--json")).Output);
        Assert.Equal(4, absence.GetProperty("rules")[0].GetProperty("held").GetInt32());
    }

    [Fact]
    public async Task Mermaid_draws_what_must_be_absent_dashed()
    {
        var graph = (await Explain(Row, "--mermaid")).Output;

        Assert.StartsWith("flowchart TD\n  r0[\"policy:error(#quot;vm-1#quot;, #quot;net-b#quot;)<br/>foreign\"]\n", graph, StringComparison.Ordinal);
        Assert.Contains("  r0 --> r1\n", graph, StringComparison.Ordinal);
        Assert.Contains("  r0 -.-> r0c4([\"not shared(#quot;net-b#quot;)\"])\n", graph, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_would_clear_a_row_is_told()
    {
        _sandbox.With("actions.dl", "action(\"unplug\"). neutron:ports-(port, vm, net) :- unplug(port), neutron:ports(port, vm, net).");

        var changes = await Explain(Row, "--change", "shared", "--change", "neutron:ports");
        Assert.Equal((0, "neutron:ports-(\"p1\", \"vm-1\", \"net-b\")\nshared+(\"net-b\")\n", ""), (changes.ExitCode, changes.Output, changes.Error));
        Assert.Equal("unplug(\"p1\")\n", (await Explain(Row, "--actions", "actions.dl")).Output);
        Assert.Equal("""{"found":[{"steps":["unplug(\"p1\")"]}],"is_complete":true}""" + "\n", (await Explain(Row, "--actions", "actions.dl", "--json")).Output);
        Assert.Equal("nothing of one or two steps clears it\n", (await Explain("used(\"net-b\", 2)", "--change", "shared")).Output);
    }

    [Theory]
    [InlineData("erorr(1)", "CGS0101: there is no table policy:erorr")]
    [InlineData("error(x, y) :- shared(x)", "is no row of a table")]
    [InlineData("error(1)", "CGS0104")]
    [InlineData("error(", "CGS0005")]
    [InlineData("builtin:plus(1, 2, 3)", "is no row of a table")]
    public async Task What_is_no_row_is_refused(string row, string message)
    {
        var result = await Explain(row);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private Task<CommandResult> Explain(string row, params string[] more) => _sandbox.RunAsync(["explain", "network.dl", "--facts", "facts", "--row", row, .. more]);
}
