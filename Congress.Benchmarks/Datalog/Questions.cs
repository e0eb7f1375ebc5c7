using BenchmarkDotNet.Attributes;

namespace Congress.Benchmarks.Datalog;

/// <summary>How long does a question take, in engines of different sizes?</summary>
[MemoryDiagnoser]
public class Questions
{
    private readonly Random _random = new(7);
    private PolicyEngine _engine = null!;

    /// <summary>The number of VMs.</summary>
    [Params(10_000, 100_000, 1_000_000)]
    public int Vms { get; set; }

    [GlobalSetup]
    public void Load()
    {
        _engine = CloudEngine.With(CloudEngine.Rows(Vms));
        _engine.InsertRules("reachable(vm, n) :- net(vm, n), public(n).");
        PointQuery();
        GoalDirected();
        WhatIf();
    }

    /// <summary>Is this VM in error? The table is kept up to date.</summary>
    [Benchmark]
    public int PointQuery() => _engine.Query($"error({_random.Next(Vms)})").Count;

    /// <summary>Which public networks is this VM on? Nobody depends on the table, so it is worked out for this VM.</summary>
    [Benchmark]
    public int GoalDirected() => _engine.Query($"reachable({_random.Next(Vms)}, n)").Count;

    /// <summary>What if this VM were put on that network?</summary>
    [Benchmark]
    public int WhatIf() => _engine.Simulate().Insert("net", _random.Next(Vms), _random.Next(Vms / 10)).Run().Appeared.Count;

    [GlobalCleanup]
    public void Dispose() => _engine.Dispose();
}
