using BenchmarkDotNet.Attributes;
using Congress.Data;

namespace Congress.Benchmarks.Datalog;

/// <summary>How long does it take to tell what a VM's move would bring about, in engines of different sizes?</summary>
[MemoryDiagnoser]
public class WhatIfs
{
    private readonly Random _random = new(7);
    private PolicyEngine _engine = null!;
    private Row[] _placed = [];

    /// <summary>The number of VMs.</summary>
    [Params(10_000, 100_000, 1_000_000)]
    public int Vms { get; set; }

    [GlobalSetup]
    public void Load()
    {
        _engine = CloudEngine.With(CloudEngine.Rows(Vms));
        _placed = [.. _engine.Query("net(vm, n)")];
        for (var i = 0; i < 1000; i++)
        {
            var (from, to) = Choose();
            var before = _engine.Query($"error({from[0]})").Count;
            var foreseen = _engine.Simulate().Delete("net", from.AsSpan()).Insert("net", to.AsSpan()).Run();
            var change = foreseen.Appeared.Count - foreseen.Cleared.Count;
            _engine.Delete("net", from.AsSpan());
            var isNew = _engine.Insert("net", to.AsSpan());
            Answers.MustBe(_engine.Query($"error({from[0]})").Count - before, change);
            if (isNew)
            {
                _engine.Delete("net", to.AsSpan());
            }

            _engine.Insert("net", from.AsSpan());
        }
    }

    /// <summary>Which violations would appear and clear, with their rules and messages?</summary>
    [Benchmark]
    public int OneMove()
    {
        var (from, to) = Choose();
        var result = _engine.Simulate().Delete("net", from.AsSpan()).Insert("net", to.AsSpan()).Run();
        return result.Appeared.Count + result.Cleared.Count;
    }

    [GlobalCleanup]
    public void Dispose() => _engine.Dispose();

    private (Row From, Row To) Choose()
    {
        var from = _placed[_random.Next(_placed.Length)];
        return (from, new(from[0], _random.Next(Vms / 10)));
    }
}
