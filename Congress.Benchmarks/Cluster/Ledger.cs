using System.Diagnostics;
using System.Globalization;

namespace Congress.Benchmarks.Cluster;

/// <summary>What has been acknowledged to a client, and how long each thing took.</summary>
internal sealed class Ledger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LedgerRule> _live = new(StringComparer.Ordinal);
    private readonly List<string> _ids = [];
    private readonly HashSet<string> _deleting = new(StringComparer.Ordinal);
    private readonly List<Operation> _operations = [];
    private readonly List<string> _wrongs = [];
    private readonly List<long> _versions = [];

    /// <summary>Rules that are there for certain.</summary>
    public IReadOnlyDictionary<string, LedgerRule> Live
    {
        get
        {
            lock (_gate)
            {
                return _live.ToDictionary(StringComparer.Ordinal);
            }
        }
    }

    /// <summary>The versions that writes were acknowledged with.</summary>
    public IReadOnlyList<long> Versions => _versions;

    /// <summary>All that was done.</summary>
    public IReadOnlyList<Operation> Operations => _operations;

    /// <summary>What must not be.</summary>
    public IReadOnlyList<string> Wrongs => _wrongs;

    public void Inserted(LedgerRule rule)
    {
        lock (_gate)
        {
            _live.Add(rule.Id, rule);
            _ids.Add(rule.Id);
            _versions.Add(rule.Version);
        }
    }

    /// <summary>From now on the rule may be there or not.</summary>
    public void Deleting(string id)
    {
        lock (_gate)
        {
            _deleting.Add(id);
        }
    }

    public void Deleted(string id, long version)
    {
        lock (_gate)
        {
            _live.Remove(id);
            _versions.Add(version);
        }
    }

    /// <summary>Whether a rule has been acknowledged, and nobody has asked for its end.</summary>
    public bool IsCertain(string id)
    {
        lock (_gate)
        {
            return _live.ContainsKey(id) && !_deleting.Contains(id);
        }
    }

    /// <summary>One of the rules acknowledged last; null when there is none that is certain.</summary>
    public LedgerRule? Recent(Random random)
    {
        lock (_gate)
        {
            var id = _ids.Count == 0 ? null : _ids[Math.Max(0, _ids.Count - 1 - random.Next(50))];
            return id is not null && _live.TryGetValue(id, out var rule) && !_deleting.Contains(id) ? rule : null;
        }
    }

    /// <summary>Notes what an operation took, from its first attempt until it was answered.</summary>
    public void Done(string kind, long start)
    {
        var operation = new Operation(kind, start, Stopwatch.GetTimestamp());
        lock (_gate)
        {
            _operations.Add(operation);
        }
    }

    public void Wrong(string what)
    {
        lock (_gate)
        {
            _wrongs.Add(what);
        }
    }
}

/// <summary>A rule that was acknowledged.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="Text">What was asked for.</param>
/// <param name="Version">The version of the policies with which it came.</param>
internal sealed record LedgerRule(string Id, string Text, long Version);

/// <summary>Something that was asked for until it was answered.</summary>
internal readonly record struct Operation(string Kind, long Start, long End)
{
    public double Milliseconds => Stopwatch.GetElapsedTime(Start, End).TotalMilliseconds;

    /// <summary>The middle, the 99th and the last of a hundred.</summary>
    public static string Summary(IEnumerable<double> milliseconds)
    {
        var times = milliseconds.Order().ToArray();
        double At(double part) => times.Length == 0 ? double.NaN : times[(int)((times.Length - 1) * part)];
        return string.Create(CultureInfo.InvariantCulture, $"p50 {At(0.5):0.0} ms, p99 {At(0.99):0.0} ms, max {At(1):0.0} ms");
    }
}
