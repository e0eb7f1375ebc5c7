using BenchmarkDotNet.Attributes;
using Congress.Data;
using Congress.Policies;

namespace Congress.Benchmarks.Datalog;

/// <summary>How long does a change take, with all its consequences, in engines of different sizes?</summary>
[MemoryDiagnoser]
public class Changes
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
        OneMove();
        OnePublicNetwork();
        OneRule();
    }

    /// <summary>A VM gets a network and loses it again: two changes, each with its consequences.</summary>
    [Benchmark]
    public void OneMove()
    {
        var (vm, network) = (_random.Next(Vms), _random.Next(Vms / 10));
        if (_engine.Insert("net", vm, network))
        {
            _engine.Delete("net", vm, network);
        }
    }

    /// <summary>A network becomes public and private again, which concerns the ten VMs on it.</summary>
    [Benchmark]
    public void OnePublicNetwork()
    {
        var network = _random.Next(Vms / 10);
        if (_engine.Insert("public", network))
        {
            _engine.Delete("public", network);
        }
        else
        {
            _engine.Delete("public", network);
            _engine.Insert("public", network);
        }
    }

    /// <summary>A batch of a thousand VMs gets networks and loses them again.</summary>
    [Benchmark]
    public void BatchOfAThousand()
    {
        var rows = Enumerable.Range(0, 1000).Select(_ => new Row(_random.Next(Vms) + Vms, _random.Next(Vms / 10))).Distinct().ToArray();
        _engine.Apply(new PolicyBatch().InsertAll("net", rows)).ThrowIfRefused();
        _engine.Apply(rows.Aggregate(new PolicyBatch(), (batch, row) => batch.Delete("net", row.AsSpan()))).ThrowIfRefused();
    }

    /// <summary>A rule about a few VMs comes and goes.</summary>
    [Benchmark]
    public void OneRule()
    {
        const string Rule = "error(vm) :- public(n), n < 3, net(vm, n).";
        _engine.InsertRules(Rule);
        _engine.DeleteRules(Rule);
    }

    [GlobalCleanup]
    public void Dispose() => _engine.Dispose();
}
