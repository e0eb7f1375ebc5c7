using BenchmarkDotNet.Attributes;
using Congress.Policies;

namespace Congress.Benchmarks.Datalog;

/// <summary>How long does it take to insert all rows into an empty engine and to derive everything?</summary>
[MemoryDiagnoser]
public class FromScratch
{
    private PolicyBatch _rows = null!;

    /// <summary>The number of VMs.</summary>
    [Params(10_000, 100_000)]
    public int Vms { get; set; }

    [GlobalSetup]
    public void Make() => _rows = CloudEngine.Rows(Vms);

    [Benchmark]
    public long LoadAndDerive()
    {
        using var engine = CloudEngine.With(_rows);
        return engine.Version;
    }
}
