using Congress.Data;
using Congress.Policies;

namespace Congress.Benchmarks.Datalog;

/// <summary>An engine with VMs, networks, users and the policy that a VM is on a public network or on one of its owner's group.</summary>
internal static class CloudEngine
{
    private const string Policy = """
        same_group(a, b) :- group(a, g), group(b, g).
        error(vm) :- server(vm, o), net(vm, n), network(n, no), not same_group(o, no), not public(n).
        """;

    /// <summary>The rows: a tenth as many networks as VMs, a hundredth as many users.</summary>
    public static PolicyBatch Rows(int vms)
    {
        var random = new Random(5);
        var (networks, users) = (vms / 10, vms / 100);
        return new PolicyBatch()
            .InsertAll("server", Enumerable.Range(0, vms).Select(vm => new Row(vm, random.Next(users))))
            .InsertAll("net", Enumerable.Range(0, vms).Select(vm => new Row(vm, random.Next(networks))))
            .InsertAll("network", Enumerable.Range(0, networks).Select(n => new Row(n, random.Next(users))))
            .InsertAll("group", Enumerable.Range(0, users).Select(u => new Row(u, u % Math.Max(1, users / 20))))
            .InsertAll("public", Enumerable.Range(0, networks).Where(_ => random.Next(3) == 0).Select(n => new Row(n)));
    }

    /// <summary>An engine with the policy and rows.</summary>
    public static PolicyEngine With(PolicyBatch rows)
    {
        var engine = PolicyEngine.Create(Policy);
        engine.Apply(rows).ThrowIfRefused();
        return engine;
    }
}
