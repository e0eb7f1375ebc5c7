using System.Diagnostics.CodeAnalysis;
using Congress.Data;

namespace Congress.Tests.Simulation;

/// <summary>What all parts of a simulation share: time, chance, the truth about tables, and the verdict.</summary>
internal sealed class World(long seed, int traced)
{
    private const int MaxFramesPerSecond = 200_000;

    private readonly Queue<string> _trace = new();
    private readonly Dictionary<(TableName Table, Epoch Epoch), TableTruth> _truth = [];
    private ulong _lastIncarnation;
    private int _second;
    private int _framesOfSecond;

    public SimulationRandom Random { get; } = new((ulong)seed * 0x9e3779b97f4a7c15 + 1);

    public VirtualTime Time { get; } = new();

    public BusVerdict Verdict { get; } = new(seed);

    public required Scenario Scenario { get; set; }

    public bool IsHealed { get; set; }

    /// <summary>Every process that runs, in the order of their starts.</summary>
    public List<SimulatedProcess> Processes { get; } = [];

    /// <summary>Every request that was made.</summary>
    public List<CallLog> Calls { get; } = [];

    public bool IsTraced => traced > 0;

    public TimeSpan Now => Time.Now;

    /// <summary>How old the state of a subscriber may be that has not been told that it is stale.</summary>
    /// <remarks>
    /// It was current when a heartbeat of its publisher was sent: that may have been on its way for the longest latency (more when frames overtake
    /// each other or are late), or held back by a cut, then it counts for as long as a node may be silent, and a tick later the subscriber is told.
    /// </remarks>
    public TimeSpan FreshBound => Scenario.Settings.Suspect + Scenario.Settings.Heartbeat + (2 * Scenario.Tick)
        + TimeSpan.FromMilliseconds((3 * Scenario.MaxLatency) + (Scenario.Straggle > 0 ? Scenario.MaxDelay : 0));

    public ulong NextIncarnation() => (Random.Next() << 16) | ++_lastIncarnation;

    public TableTruth TruthOf(TableName table, Epoch epoch)
    {
        if (!_truth.TryGetValue((table, epoch), out var truth))
        {
            _truth.Add((table, epoch), truth = new());
        }

        return truth;
    }

    public TableTruth? FindTruth(TableName table, Epoch epoch) => _truth.GetValueOrDefault((table, epoch));

    public void Count(string what, long times = 1) => Verdict.Count(what, times);

    /// <summary>Counts a frame. Nodes that send each other frame after frame for no reason would never come to an end.</summary>
    public void CountFrame()
    {
        if (Now.Seconds != _second)
        {
            (_second, _framesOfSecond) = (Now.Seconds, 0);
        }

        if (++_framesOfSecond > MaxFramesPerSecond)
        {
            Fail($"more than {MaxFramesPerSecond} frames in a second");
        }
    }

    /// <summary>Notes what happens, for the last events before a failure. Callers ask <see cref="IsTraced"/> first.</summary>
    public void Trace(string what)
    {
        _trace.Enqueue($"{Now.TotalSeconds,8:0.000} {what}");
        if (_trace.Count > traced)
        {
            _trace.Dequeue();
        }
    }

    public IReadOnlyList<string> LastEvents() => [.. _trace];

    [DoesNotReturn]
    public void Fail(string what) => throw new BrokenPromiseException($"at {Now.TotalSeconds:0.000} s: {what}");
}
