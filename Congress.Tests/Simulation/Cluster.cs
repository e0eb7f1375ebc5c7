using Congress.Bus.Protocol;
using Congress.Data;

namespace Congress.Tests.Simulation;

/// <summary>The nodes as they are configured, and who holds the lease of the service that several of them can run.</summary>
internal sealed class Cluster(World world, Network network)
{
    /// <summary>A service of which one instance at a time is active.</summary>
    public const string Leased = "leased";

    private static readonly TableName[] LeasedTables = [new(Leased, "a"), new(Leased, "b")];

    private readonly SimulatedProcess?[] _nodes = new SimulatedProcess?[world.Scenario.Nodes];
    private readonly List<TableName>[] _followed = new List<TableName>[world.Scenario.Nodes];
    private ulong _fence;
    private int _holder;

    public string HomeServiceOf(int slot) => $"home{slot}";

    /// <summary>All services, for callers; the last one runs nowhere.</summary>
    public IReadOnlyList<string> Services { get; } = [.. Enumerable.Range(0, world.Scenario.Nodes).Select(i => $"home{i}"), Leased, Shared, "nowhere"];

    /// <summary>A service that every node runs, for calls.</summary>
    private const string Shared = "shared";

    public void Start()
    {
        var tables = Enumerable.Range(0, world.Scenario.Nodes).SelectMany(TablesOf).Concat(LeasedTables).ToArray();
        for (var slot = 0; slot < _nodes.Length; slot++)
        {
            _followed[slot] = [.. Enumerable.Range(0, world.Random.Between(1, 4)).Select(_ => tables[world.Random.Below(tables.Length)])];
            StartNode(slot);
        }

        MoveLease(TimeSpan.Zero);
    }

    public void StartNode(int slot)
    {
        if (_nodes[slot] is { IsAlive: true })
        {
            return;
        }

        var process = _nodes[slot] = new SimulatedProcess(world, network, slot, slot, NameOf(slot));
        StartHomeService(process);
        process.StartService(Shared, [], isActive: true, 0);
        if (slot <= 2)
        {
            process.StartService(Leased, LeasedTables, isActive: false, 0);
            if (slot == _holder && _fence > 0)
            {
                process.SetActive(Leased, isActive: true, ++_fence);
            }
        }

        foreach (var table in _followed[slot])
        {
            process.Read(table);
        }

        Dial(process);
    }

    /// <summary>A second process of a node's name, at another address.</summary>
    public SimulatedProcess StartTwin(int slot)
    {
        var twin = new SimulatedProcess(world, network, slot, world.Scenario.Nodes, NameOf(slot));
        foreach (var table in _followed[slot])
        {
            twin.Read(table);
        }

        Dial(twin);
        return twin;
    }

    public void StartHomeService(SimulatedProcess process)
    {
        if (process.IsAlive && !process.IsLeaving)
        {
            process.StartService(HomeServiceOf(process.Slot), TablesOf(process.Slot), isActive: true, 0);
        }
    }

    /// <summary>Gives the lease to some node, at once; the one before learns of it after a while and publishes on until then.</summary>
    public void MoveLease(TimeSpan learnsAfter)
    {
        var before = _nodes[_holder];
        _holder = world.Random.Below(3);
        var fence = ++_fence;
        if (before is not null && before != _nodes[_holder])
        {
            world.Time.After(learnsAfter, () => before.LoseLease(Leased, fence));
        }

        _nodes[_holder]?.SetActive(Leased, isActive: true, fence);
    }

    /// <summary>Puts everything right: every node runs, links can be made, each service is there once.</summary>
    public void Heal()
    {
        world.IsHealed = true;
        network.MendAll();
        foreach (var process in world.Processes.ToArray())
        {
            if (process.IsTwin || process.IsLeaving)
            {
                process.Kill();
                foreach (var end in process.Ends.Values.Select(e => e.Other).ToArray())
                {
                    end.Owner.LinkDown(end, "the process is gone");
                }
            }
            else if (process.IsPaused)
            {
                process.Resume();
            }
        }

        for (var slot = 0; slot < _nodes.Length; slot++)
        {
            StartNode(slot);
            var process = _nodes[slot]!;
            if (process.Hosted(HomeServiceOf(slot)) is not { IsThere: true, Entry.IsActive: true })
            {
                StartHomeService(process);
            }

            if (slot != _holder && slot <= 2)
            {
                process.SetActive(Leased, isActive: false, 0);
            }

            process.PublishOnce();
            process.Readers.ForEach(r => r.SetPace(ReadingPace.AtOnce));
        }
    }

    /// <summary>Why not all is as it is to be at the end; null when it is.</summary>
    public string? Missing()
    {
        foreach (var process in world.Processes)
        {
            foreach (var reader in process.Readers)
            {
                var slot = reader.Table.Policy == Leased ? _holder : int.Parse(reader.Table.Policy.AsSpan(4), System.Globalization.CultureInfo.InvariantCulture);
                var epoch = _nodes[slot]!.Hosted(reader.Table.Policy)!.Epoch;
                if (reader.Missing(epoch, world.TruthOf(reader.Table, epoch)) is { } missing)
                {
                    return missing;
                }
            }
        }

        return null;
    }

    /// <summary>What is left over though nobody wants it; null when nothing is.</summary>
    public string? LeftOver()
    {
        var wanted = world.Processes.SelectMany(p => p.Readers).GroupBy(r => r.Table).ToDictionary(g => g.Key, g => g.Count());
        foreach (var process in world.Processes)
        {
            foreach (var table in process.Protocol.Publisher.Tables)
            {
                if (process.Protocol.Publisher.FollowersOf(table.Name) is var count && count != wanted.GetValueOrDefault(table.Name))
                {
                    return $"{process} has {count} followers of {table.Name}; there are {wanted.GetValueOrDefault(table.Name)}";
                }
            }

            if (!process.Protocol.Publisher.IsAcknowledged)
            {
                return $"{process} waits for acknowledgements";
            }

            if (process.Calls.Pending > 0 || process.Protocol.Calls.Count > 0)
            {
                return $"{process} waits for answers to {process.Calls.Pending} calls";
            }
        }

        return null;
    }

    private static TableName[] TablesOf(int slot) => slot == 0 ? [new("home0", "a"), new("home0", "b")] : [new($"home{slot}", "a")];

    private static NodeId NameOf(int slot) => new($"n{slot}");

    /// <summary>Lets a process say HELLO to the others, again and again: the one with the lower name dials.</summary>
    private void Dial(SimulatedProcess process) => world.Time.After(world.Random.Milliseconds(1, 250), () =>
    {
        if (!process.IsAlive)
        {
            return;
        }

        foreach (var other in world.Processes.ToArray())
        {
            if (process.Identity.Id < other.Identity.Id && process.IsAlive && other.IsAlive)
            {
                network.Dial(process, other);
            }
        }

        Dial(process);
    });
}
