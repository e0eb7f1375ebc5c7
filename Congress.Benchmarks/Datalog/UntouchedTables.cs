using System.Globalization;
using BenchmarkDotNet.Attributes;
using Congress.Data;
using Congress.Policies;

namespace Congress.Benchmarks.Datalog;

/// <summary>Does a change cost more when there are tables and rules that it does not touch?</summary>
public class UntouchedTables
{
    private PolicyEngine _engine = null!;

    /// <summary>The number of other tables, each with a thousand rows and a rule that puts some of them among the violations.</summary>
    [Params(0, 10, 1000)]
    public int Others { get; set; }

    [GlobalSetup]
    public void Load()
    {
        _engine = CloudEngine.With(CloudEngine.Rows(10_000));
        var batch = new PolicyBatch();
        for (var i = 0; i < Others; i++)
        {
            var other = i.ToString(CultureInfo.InvariantCulture);
            batch.InsertRules($"warning(x) :- t{other}(x, y), t{other}(y, x), x < 3.");
            batch.InsertAll($"t{other}", Enumerable.Range(0, 1000).Select(x => new Row(x, (x * 7) % 1000)));
        }

        _engine.Apply(batch).ThrowIfRefused();
        OneMove();
    }

    /// <summary>A VM gets a network and loses it again: two changes, each with its consequences.</summary>
    [Benchmark]
    public void OneMove()
    {
        _engine.Insert("net", 17, 5000);
        _engine.Delete("net", 17, 5000);
    }

    [GlobalCleanup]
    public void Dispose() => _engine.Dispose();
}
