using Congress.Bus.Protocol;

namespace Congress.Tests.Simulation;

/// <summary>What a seed makes of the world before anything happens: how many nodes, how they are linked, how small the bounds are.</summary>
internal sealed record Scenario
{
    public required int Nodes { get; init; }

    /// <summary>Whether links lose, repeat and reorder frames, which no transport may; otherwise they only delay and break.</summary>
    public required bool IsHostile { get; init; }

    public required double Drop { get; init; }

    public required double Duplicate { get; init; }

    public required double Reorder { get; init; }

    /// <summary>How often a frame other than a heartbeat is late by seconds.</summary>
    public required double Straggle { get; init; }

    /// <summary>How often rows are changed on the way, which no checksum of a frame tells.</summary>
    public required double Tamper { get; init; }

    /// <summary>Whether frames go as bytes.</summary>
    public required bool UsesCodec { get; init; }

    /// <summary>How often a frame's bytes are damaged on the way.</summary>
    public required double Damage { get; init; }

    public required int MaxLatency { get; init; }

    /// <summary>How many frames a link holds before it takes no more.</summary>
    public required int QueueCapacity { get; init; }

    public required TimeSpan Tick { get; init; }

    /// <summary>Whether a node's frames to itself come back before anything else happens.</summary>
    public required bool LoopsBackAtOnce { get; init; }

    /// <summary>When all faults are healed and publishing stops.</summary>
    public required TimeSpan HealedAt { get; init; }

    /// <summary>The mean time between faults.</summary>
    public required int FaultEvery { get; init; }

    /// <summary>The kinds of faults that this seed has.</summary>
    public required FaultKinds Faults { get; init; }

    /// <summary>How many rows a table may have.</summary>
    public required int Domain { get; init; }

    /// <summary>The mean time between changes of a table.</summary>
    public required int ChangeEvery { get; init; }

    public required ProtocolSettings Settings { get; init; }

    /// <summary>How late, in milliseconds, a frame may be in a scenario that has late ones.</summary>
    public const int MaxDelay = 4000;

    public static Scenario Of(SimulationRandom random)
    {
        var isHostile = random.Chance(0.5);
        var usesCodec = random.Chance(0.35);
        var scenario = new Scenario
        {
            Nodes = random.Between(3, 5),
            IsHostile = isHostile,
            Drop = isHostile ? random.OneOf(0, 0.05, 0.15, 0.35) : 0,
            Duplicate = isHostile ? random.OneOf(0, 0.05, 0.2) : 0,
            Reorder = isHostile ? random.OneOf(0, 0.1, 0.3) : 0,
            Straggle = 0,
            Tamper = 0,
            UsesCodec = usesCodec,
            Damage = usesCodec && random.Chance(0.4) ? 0.002 : 0,
            MaxLatency = random.OneOf(2, 20, 80, 200),
            QueueCapacity = random.OneOf(40, 100, 1000),
            Tick = TimeSpan.FromMilliseconds(random.OneOf(25, 50, 100)),
            LoopsBackAtOnce = random.Chance(0.5),
            HealedAt = TimeSpan.FromSeconds(random.Between(10, 20)),
            FaultEvery = random.OneOf(250, 700, 2000),
            Faults = (FaultKinds)((int)random.Next() & (int)FaultKinds.All),
            Domain = random.OneOf(3, 12, 30, 64),
            ChangeEvery = random.OneOf(60, 200, 700),
            Settings = new()
            {
                Window = random.OneOf(1, 2, 4, 16),
                FrameRows = random.Between(1, 8),
                FrameBytes = random.OneOf(30, 120, 400, 4000),
                RingDeltas = random.Between(2, 50),
                EarlyParts = random.OneOf(1, 4, 32),
                RunningCalls = random.OneOf(2, 8, 64),
            },
        };
        scenario = scenario with { Straggle = isHostile && random.Chance(0.4) ? 0.1 : 0, Tamper = random.Chance(0.08) ? 0.01 : 0 };
        return random.Chance(0.1) ? Restless(scenario) : scenario;
    }

    /// <summary>Services start again and again while frames of their former lives are still on the way.</summary>
    private static Scenario Restless(Scenario scenario) => scenario with
    {
        IsHostile = true,
        Drop = 0.15,
        Straggle = 0.3,
        MaxLatency = 20,
        Faults = FaultKinds.Services,
        FaultEvery = 60,
        Domain = 3,
        ChangeEvery = 200,
    };
}

/// <summary>The kinds of faults.</summary>
[Flags]
internal enum FaultKinds
{
    None = 0,
    Cuts = 1,
    Flaps = 2,
    Kills = 4,
    Pauses = 8,
    Services = 16,
    Leases = 32,
    Readers = 64,
    Twins = 128,
    Leaving = 256,
    All = 511,
}
