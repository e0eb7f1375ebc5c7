using System.Globalization;
using BenchmarkDotNet.Attributes;
using Congress.Data;
using Congress.Policies;

namespace Congress.Benchmarks.Datalog;

/// <summary>How long does it take to read and check many rules, and to add one to many or take one away?</summary>
[MemoryDiagnoser]
public class ReadingRules
{
    private const string OneMore = """extra(x) :- t7(x, y), u7(y, "z").""";   // there is no such row
    private string[] _rules = [];
    private PolicyEngine _engine = null!;

    [Params(100, 3_000)]
    public int Rules { get; set; }

    [GlobalSetup]
    public void Write()
    {
        _rules = [.. Enumerable.Range(0, Rules).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"""v{i}(x, z) :- t{i % 80}(x, y), t{(i * 7) % 80}(y, z), not u{i % 13}(x, "a"), x < z."""))];
        _engine = PolicyEngine.Create(string.Join('\n', _rules));
        foreach (var table in Enumerable.Range(0, 80))
        {
            _engine.Apply(new PolicyBatch().InsertAll($"t{table}", Enumerable.Range(0, 100).Select(x => new Row(x, (x * 7) % 100)))).ThrowIfRefused();
        }

        Answers.MustBe(Rules, _engine.Rules.Count(r => r.State == Policies.RuleState.Active));
        _engine.InsertRules(OneMore);
        Answers.MustBe(Rules + 1, _engine.Rules.Count);
        Answers.MustBe(0, _engine.Query("extra(x)").Count);
        _engine.DeleteRules(OneMore);
        Answers.MustBe(Rules, _engine.Rules.Count);
    }

    [Benchmark(Baseline = true)]
    public int OneText()
    {
        using var engine = PolicyEngine.Create(string.Join('\n', _rules));
        return engine.Policies.Count;
    }

    [Benchmark]
    public int OneByOne()
    {
        using var engine = new PolicyEngine();
        foreach (var rule in _rules)
        {
            engine.InsertRules(rule);
        }

        return engine.Policies.Count;
    }

    /// <summary>A rule without answers is added to the others, and taken away.</summary>
    [Benchmark]
    public void OneMoreAndLess()
    {
        _engine.InsertRules(OneMore);
        _engine.DeleteRules(OneMore);
    }

    [GlobalCleanup]
    public void Dispose() => _engine.Dispose();
}
