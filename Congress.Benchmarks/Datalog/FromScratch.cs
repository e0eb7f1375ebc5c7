using BenchmarkDotNet.Attributes;
using Congress.Data;
using Congress.Policies;

namespace Congress.Benchmarks.Datalog;

/// <summary>How long does it take to derive everything from the facts, with nothing derived before?</summary>
[MemoryDiagnoser]
public class FromScratch
{
    private PolicyEngine _engine = null!;

    /// <summary>The number of VMs; a tenth as many networks, a hundredth as many users.</summary>
    [Params(10_000, 100_000)]
    public int Vms { get; set; }

    [GlobalSetup]
    public void Load()
    {
        var random = new Random(5);
        var (networks, users) = (Vms / 10, Vms / 100);
        _engine = PolicyEngine.Create("""
            same_group(a, b) :- group(a, g), group(b, g).
            error(vm) :- server(vm, o), net(vm, n), network(n, no), not same_group(o, no), not public(n).
            """);
        var batch = new PolicyBatch();
        batch.InsertAll("server", Enumerable.Range(0, Vms).Select(vm => new Row(vm, random.Next(users))));
        batch.InsertAll("net", Enumerable.Range(0, Vms).Select(vm => new Row(vm, random.Next(networks))));
        batch.InsertAll("network", Enumerable.Range(0, networks).Select(n => new Row(n, random.Next(users))));
        batch.InsertAll("group", Enumerable.Range(0, users).Select(u => new Row(u, u % (users / 20))));
        batch.InsertAll("public", Enumerable.Range(0, networks).Where(_ => random.Next(3) == 0).Select(n => new Row(n)));
        _engine.Apply(batch).ThrowIfRefused();
    }

    /// <summary>Deletes and inserts one public network, which makes all violations out of date, and reads them again.</summary>
    [Benchmark]
    public int Violations()
    {
        _engine.Insert("public", -1);
        _engine.Delete("public", -1);
        using var rows = _engine.Read("error");
        return rows.Width;
    }

    [GlobalCleanup]
    public void Dispose() => _engine.Dispose();
}
