namespace Congress.Tests.Cli;

public sealed class PlanAndGraphTests : IDisposable
{
    private const string Paths = """
        path(x, y) :- edge(x, y).
        path(x, z) :- path(x, y), edge(y, z).
        size(count(y)) :- path(x, y).
        error(x) :- path(x, x), not nova:ok(id=x).
        execute[nova:cut(x)] :- error(x).
        """;

    private readonly CommandSandbox _sandbox = new CommandSandbox().With("paths.dl", Paths).With("facts/edge.facts", "1\t2\n2\t1\n").With("facts/nova/ok.csv", "id\n2\n");

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task A_plan_without_facts_shows_strata_rules_and_steps()
    {
        var result = await _sandbox.RunAsync("plan", "paths.dl", "--kind", "recursive");

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("""
            stratum 1: policy:path, recursive
              path(x, y) :- edge(x, y)
                scan           edge(x, y)
            """, result.Output.ReplaceLineEndings(), StringComparison.Ordinal);
        Assert.Contains("   // each round, from the new rows of path(x, y)\n    scan delta of  path(x, y)  expected 1\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("until then the rule is left out", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing defines", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_with_facts_shows_what_each_step_gave()
    {
        var result = await _sandbox.RunAsync("plan", "paths.dl", "--kind", "recursive", "--facts", "facts");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("policy:path, recursive, 4 rows\n", result.Output, StringComparison.Ordinal);
        Assert.Matches(@"absent from +not nova:ok\(id=x\) +expected [\d.]+ +gave 1 +\d+\.\d\d ms\n", result.Output);
    }

    [Fact]
    public async Task A_plan_as_json_has_numbers()
    {
        var json = (await _sandbox.RunAsync("plan", "paths.dl", "--kind", "recursive", "--facts", "facts", "--json")).Json;

        var path = json.GetProperty("strata")[0];
        Assert.Equal(4, path.GetProperty("rows").GetInt64());
        var steps = path.GetProperty("rules")[1].GetProperty("steps");
        Assert.Equal("probe", steps[1].GetProperty("verb").GetString());
        Assert.Equal(4, steps[1].GetProperty("bindings").GetInt64());
        Assert.True(steps[1].GetProperty("milliseconds").GetDouble() >= 0);
    }

    [Fact]
    public async Task A_mermaid_graph_shows_sources_recursion_negation_aggregates_and_actions()
    {
        var result = await _sandbox.RunAsync("graph", "paths.dl", "--kind", "recursive");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("""
            flowchart LR
              t0[("nova:ok")]
              t1[("edge")]
              t2{{"error"}}
              t3[["execute[nova:cut]"]]
              t5["size"]
              subgraph recursion1 [recursion]
                t4["path"]
              end
              t0 -.->|not| t2
              t1 --> t4
              t2 --> t3
              t4 --> t2
              t4 --> t4
              t4 -->|count| t5

            """, result.Output, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task A_dot_graph_shows_the_same()
    {
        var result = await _sandbox.RunAsync("graph", "paths.dl", "--kind", "recursive", "--format", "dot");

        Assert.StartsWith("digraph policy {\n  rankdir=LR;\n  t0 [label=\"nova:ok\", shape=cylinder];\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("  subgraph cluster1 {\n    label=\"recursion\";\n    t4 [label=\"path\", shape=box];\n  }\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("  t0 -> t2 [style=dashed, label=\"not\"];\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("  t4 -> t5 [label=\"count\"];\n}\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_graph_as_json_has_roles_and_edges()
    {
        var json = (await _sandbox.RunAsync("graph", "paths.dl", "--kind", "recursive", "--json")).Json;

        Assert.Equal("""{"name":"nova:ok","role":"source","recursive":false}""", json.GetProperty("tables")[0].GetRawText());
        Assert.Equal("""{"from":"nova:ok","to":"error","negated":true,"aggregates":null}""", json.GetProperty("edges")[0].GetRawText());
    }
}
