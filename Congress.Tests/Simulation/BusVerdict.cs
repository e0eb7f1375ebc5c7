using System.Text;

namespace Congress.Tests.Simulation;

/// <summary>What became of one seed.</summary>
internal sealed class BusVerdict(long seed)
{
    public long Seed => seed;

    /// <summary>The first thing that was wrong, or null.</summary>
    public string? Failure { get; set; }

    /// <summary>What happened last before it, when the run was traced.</summary>
    public IReadOnlyList<string> Trace { get; set; } = [];

    /// <summary>How long after the healing every subscriber had the newest state and knew it.</summary>
    public TimeSpan Convergence { get; set; }

    /// <summary>How often each thing happened.</summary>
    public Dictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);

    public void Count(string what, long times = 1) => Counts[what] = Counts.GetValueOrDefault(what) + times;

    public override string ToString()
    {
        var text = new StringBuilder().Append("seed ").Append(seed).Append(": ").AppendLine(Failure ?? $"right; converged in {Convergence.TotalSeconds:0.00} s");
        text.AppendLine(string.Join(", ", Counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key} {c.Value}")));
        return text.AppendJoin('\n', Trace).ToString();
    }
}

/// <summary>An invariant that did not hold.</summary>
internal sealed class BrokenPromiseException : Exception
{
    public BrokenPromiseException()
    {
    }

    public BrokenPromiseException(string message)
        : base(message)
    {
    }

    public BrokenPromiseException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
