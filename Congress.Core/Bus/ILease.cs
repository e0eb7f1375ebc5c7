namespace Congress.Bus;

/// <summary>Lets one of many hold a name at a time, for a while.</summary>
public interface ILease
{
    /// <summary>Takes the name, or holds on to it.</summary>
    /// <param name="name">What is held: the name of a service.</param>
    /// <param name="holder">Who would hold it; the same at each renewal.</param>
    /// <param name="duration">For how long from now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The fencing token: the same at each renewal, higher for each new holder; null when another holds the name.</returns>
    ValueTask<ulong?> TryHoldAsync(string name, string holder, TimeSpan duration, CancellationToken cancellationToken = default);

    /// <summary>Gives the name up, if it is held.</summary>
    ValueTask ReleaseAsync(string name, string holder, CancellationToken cancellationToken = default);
}

/// <summary>Leases in the memory of one process.</summary>
public sealed class InMemoryLease(TimeProvider? time = null) : ILease
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Holder, ulong Token, long Since, TimeSpan Duration)> _held = new(StringComparer.Ordinal);
    private ulong _lastToken;

    /// <inheritdoc/>
    public ValueTask<ulong?> TryHoldAsync(string name, string holder, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var isHeld = _held.TryGetValue(name, out var held) && _time.GetElapsedTime(held.Since) < held.Duration;
            if (isHeld && held.Holder != holder)
            {
                return new((ulong?)null);
            }

            var token = isHeld ? held.Token : ++_lastToken;
            _held[name] = (holder, token, _time.GetTimestamp(), duration);
            return new(token);
        }
    }

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(string name, string holder, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_held.TryGetValue(name, out var held) && held.Holder == holder)
            {
                _held.Remove(name);
            }
        }

        return ValueTask.CompletedTask;
    }
}
