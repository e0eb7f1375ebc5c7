using System.Globalization;
using BenchmarkDotNet.Attributes;

namespace Congress.Benchmarks.Datalog;

/// <summary>How long does it take to read and check rules: all in one text, or one after the other?</summary>
[MemoryDiagnoser]
public class ReadingRules
{
    private string[] _rules = [];

    [Params(100, 1_000)]
    public int Rules { get; set; }

    [GlobalSetup]
    public void Write() => _rules = [.. Enumerable.Range(0, Rules).Select(i => string.Create(CultureInfo.InvariantCulture,
        $"""v{i}(x, z) :- t{i % 80}(x, y), t{(i * 7) % 80}(y, z), not u{i % 13}(x, "a"), x < z."""))];

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
}
