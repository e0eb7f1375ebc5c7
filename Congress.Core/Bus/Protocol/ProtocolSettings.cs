namespace Congress.Bus.Protocol;

/// <summary>The times and bounds of the protocol. The defaults are meant to be left alone; simulations and tests take smaller ones.</summary>
internal sealed record ProtocolSettings
{
    /// <summary>Between two heartbeats on a link.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Without a heartbeat for so long a peer is suspected: its tables are stale.</summary>
    public TimeSpan Suspect { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Without a heartbeat for so long a peer is dead: it leaves the directory, calls to it fail.</summary>
    public TimeSpan Dead { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Behind for so long without progress, a subscriber asks again.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>The longest wait before a subscriber asks again.</summary>
    public TimeSpan MaxPatience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long the first attempt of a call that may be repeated waits for its answer.</summary>
    public TimeSpan Attempt { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The most frames of a subscription that may be on their way: with those of full size about 1 MiB.</summary>
    public int Window { get; init; } = 16;

    /// <summary>The bytes, by estimate, at which a frame of rows is full.</summary>
    public int FrameBytes { get; init; } = 60_000;

    /// <summary>The most rows of a frame.</summary>
    public int FrameRows { get; init; } = 8192;

    /// <summary>The most changes of a table that are kept for subscribers who lag.</summary>
    public int RingDeltas { get; init; } = 4096;

    /// <summary>Their most bytes, by estimate, for a table.</summary>
    public long RingBytes { get; init; } = 64 << 20;

    /// <summary>Their most bytes for all tables of a node.</summary>
    public long NodeRingBytes { get; init; } = 512 << 20;

    /// <summary>The most frames that wait for the one before them.</summary>
    public int EarlyParts { get; init; } = 256;

    /// <summary>The most tables that one link may follow.</summary>
    public int SubscriptionsPerLink { get; init; } = 10_000;

    /// <summary>The most calls of a node that wait for an answer.</summary>
    public int PendingCalls { get; init; } = 16_384;

    /// <summary>The most calls of others that a node works on or has waiting.</summary>
    public int RunningCalls { get; init; } = 16_384;

    /// <summary>The most answers that are remembered for repetitions.</summary>
    public int RememberedAnswers { get; init; } = 4096;

    /// <summary>Their most bytes.</summary>
    public long RememberedBytes { get; init; } = 16 << 20;

    /// <summary>How long they are remembered.</summary>
    public TimeSpan RememberedTime { get; init; } = TimeSpan.FromMinutes(5);
}
