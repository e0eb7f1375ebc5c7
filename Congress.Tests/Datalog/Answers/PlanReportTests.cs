using Congress.Data;
using Congress.Datalog.Answers;

namespace Congress.Tests.Datalog.Answers;

public sealed class PlanReportTests
{
    private const string Paths = """
        path(x, y) :- edge(x, y).
        path(x, z) :- path(x, y), edge(y, z).
        @id("far") far(x) :- path(1, x), x > 2.
        edge(1, 2). edge(2, 3). edge(3, 4).
        """;

    [Fact]
    public void Explaining_tells_strata_in_order_and_evaluates_nothing()
    {
        using var engine = PolicyEngine.Create(Paths, new() { DefaultKind = PolicyKind.Recursive });

        var report = engine.Explain();

        Assert.Equal([new("policy", "path"), new("policy", "far")], report.Strata.Select(s => Assert.Single(s.Tables)));
        Assert.Equal([true, false], report.Strata.Select(s => s.IsRecursive));
        Assert.All(report.Strata, s => Assert.Null(s.Rows));
        Assert.Null(report.Strata[0].Rules[0].Delta);
        Assert.Equal("path(x, y)", report.Strata[0].Rules[1].Delta);
        Assert.Equal("scan delta of, probe", string.Join(", ", report.Strata[0].Rules[1].Steps.Select(s => s.Verb)));
        Assert.All(report.Strata.SelectMany(s => s.Rules).SelectMany(r => r.Steps), s => Assert.Null(s.Bindings));
        Assert.Equal("far", Assert.Single(report.Strata[1].Rules).Id);
    }

    [Fact]
    public void Profiling_tells_what_each_step_gave_each_time_it_is_asked()
    {
        using var engine = PolicyEngine.Create(Paths, new() { DefaultKind = PolicyKind.Recursive });
        for (var i = 0; i < 2; i++)
        {
            var report = engine.Profile();

            Assert.Equal([6L, 2L], report.Strata.Select(s => s.Rows));
            Assert.Equal([3L], report.Strata[0].Rules[0].Steps.Select(s => s.Bindings));
            Assert.Equal([6L, 3L], report.Strata[0].Rules[1].Steps.Select(s => s.Bindings));
            Assert.All(report.Strata.SelectMany(s => s.Rules), r => Assert.NotNull(r.Elapsed));
        }
    }

    [Fact]
    public void A_report_is_a_text_with_a_line_for_each_step()
    {
        using var engine = PolicyEngine.Create("error(x) :- p(x, y), not q(y). p(1, 2). p(2, 3).");

        Assert.Equal("""
            stratum 1: policy:error
              error(x) :- p(x, y), not q(y)
                scan         p(x, y)   expected 2
                absent from  not q(y)  expected 1

            """, engine.Explain().ToString(), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void The_size_of_a_table_is_told_without_reading_it()
    {
        using var engine = PolicyEngine.Create(Paths, new() { DefaultKind = PolicyKind.Recursive });

        Assert.Equal(6, engine.Count(new("policy", "path")));
        Assert.Equal(3, engine.Count(new("policy", "edge")));
        Assert.Equal(0, engine.Count(new("policy", "nothing")));
    }
}
