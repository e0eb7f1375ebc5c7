namespace Congress.Transport.NetMQ;

/// <summary>How long to wait before a peer is dialled again: 50 ms at first, twice as long each time up to a second, with jitter so that nodes do not dial in step.</summary>
internal sealed class Backoff
{
    private const double First = 50;
    private const double Longest = 1000;

    private double _next = First;

    /// <summary>The next wait, in half to the whole of its length.</summary>
    public TimeSpan Next()
    {
        var wait = _next * (0.5 + Random.Shared.NextDouble() / 2);
        _next = Math.Min(2 * _next, Longest);
        return TimeSpan.FromMilliseconds(wait);
    }

    /// <summary>The peer was there: the next wait is a short one.</summary>
    public void Reset() => _next = First;

    /// <summary>The peer does not want us: no need to hurry.</summary>
    public void Slow() => _next = Longest;
}
