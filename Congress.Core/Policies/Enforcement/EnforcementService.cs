using Congress.Bus;
using Congress.Diagnostics;

namespace Congress.Policies.Enforcement;

/// <summary>Carries out the actions that rules ask for, each occurrence once.</summary>
/// <remarks>
/// One instance of a system is active: it holds a lease, whose token the journal and the targets check. It keeps an occurrence for each row of an action's table: a row
/// that is true and has none opens one, a row that is no longer true closes it. It first compares what is true with what the journal has open, so that neither a
/// restart, nor a takeover, nor another rule carries anything out again. A call goes from claimed to sent, which lasts before anything is sent, and on to done, failed or unknown.
/// </remarks>
public sealed partial class EnforcementService : DataService
{
    private const int MostForeseen = 100;   // what-ifs that a cycle may cost

    private readonly IEnforcedEngine _engine;
    private readonly IActionJournal _journal;
    private readonly EnforcementOptions _options;
    private readonly Dictionary<ActionCall, Occurrence> _open = [];        // by what is asked for
    private readonly Dictionary<string, Occurrence> _byId = new(StringComparer.Ordinal);   // those that are open or not finished
    private readonly Queue<(ActionCall Call, DateTimeOffset When)> _recent = new();   // calls that were let through
    private RequestedActions? _requested;   // what the occurrences have been compared with
    private CancellationToken _ended;

    /// <summary>Makes the service.</summary>
    /// <param name="engine">The engine of this node.</param>
    /// <param name="journal">Where occurrences stand.</param>
    /// <param name="options">How actions are carried out.</param>
    public EnforcementService(IEnforcedEngine engine, IActionJournal journal, EnforcementOptions? options = null)
        : base(EnforcementMethods.Service)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(journal);
        (_engine, _journal, _options) = (engine, journal, options ?? new());
        AddMethods();
    }

    /// <inheritdoc/>
    protected internal override async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        _ended = cancellationToken;
        _open.Clear();
        _byId.Clear();
        _recent.Clear();
        _underWay.Clear();
        _requested = null;
        foreach (var occurrence in await _journal.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            Note(occurrence);
        }

        await TakeOverUnfinishedAsync(cancellationToken).ConfigureAwait(false);
        _ = FollowAsync(cancellationToken);
        Every(_options.Interval, token => TryAsync(ReconcileAsync, token));
    }

    /// <summary>Looks at once when rules ask for something else, through all lives of the engine.</summary>
    private async Task FollowAsync(CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            try
            {
                if (_engine.WatchActions(ended) is { } updates)
                {
                    await foreach (var _ in updates.ConfigureAwait(false))
                    {
                        await PostAsync(token => TryAsync(ReconcileAsync, token)).ConfigureAwait(false);
                    }
                }
            }
            catch (Exception exception) when (exception is ObjectDisposedException or InvalidOperationException or OperationCanceledException)
            {
                // The engine's life is over, or ours.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), _options.Time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Opens and closes what is to be opened and closed now, and begins with what is to be carried out.</summary>
    private async ValueTask ReconcileAsync(CancellationToken cancellationToken)
    {
        if (_engine.ReadActions(_requested) is { } requested && requested != _requested)
        {
            var now = _options.Time.GetUtcNow();
            var closed = _open.Values.Where(o => requested.IsGone(o.Call))
                .Select(o => o with { IsOpen = false, State = o.State == OccurrenceState.Claimed && !_underWay.Contains(o.Id) ? OccurrenceState.Withdrawn : o.State, ChangedAt = now }).ToArray();
            var opened = Guarded([.. requested.Calls.Where(c => !_open.ContainsKey(c) && _options.ModeOf(c) != EnforcementMode.Off).Select(c => Open(c, now))], now, cancellationToken);
            if (closed.Length + opened.Count > 0)
            {
                await WriteAsync([.. closed, .. opened], cancellationToken).ConfigureAwait(false);
            }

            _requested = requested;
        }

        Dispatch();
    }

    private Occurrence Open(ActionCall call, DateTimeOffset now) => new(
        Guid.NewGuid().ToString(), call.Policy, call.Service, call.Action, call.Arguments, _options.ModeOf(call) switch
        {
            EnforcementMode.Enforce => OccurrenceState.Claimed,
            EnforcementMode.Approval => OccurrenceState.Waiting,
            _ => OccurrenceState.Planned,
        }, IsOpen: true, "", null, now, now);

    /// <summary>Holds the calls of a cycle that goes too far.</summary>
    private List<Occurrence> Guarded(List<Occurrence> opened, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (_recent.TryPeek(out var first) && now - first.When > _options.GuardTime)
        {
            _recent.Dequeue();
        }

        // Of a large cycle the first are looked at: where it goes as far as that, it is held or waits for a person as a whole.
        var explained = opened.Select((o, i) => (Occurrence: o, Explanation: _engine.Explain(o.Call), Foreseen: i < MostForeseen ? _engine.Foresee(o.Call, cancellationToken) : null)).ToList();
        var calls = explained.Where(o => o.Occurrence.State == OccurrenceState.Claimed).ToArray();
        var largest = calls.Length == 0 ? 0 : calls.Max(o => o.Explanation.LargestTable);
        var why = _recent.Count + calls.Length > _options.GuardCalls
                ? $"the guard holds it: {calls.Length} calls in one cycle, {_recent.Count} in the {_options.GuardTime.TotalSeconds} s before; at most {_options.GuardCalls} are let through"
            : calls.Length > _options.GuardFrom && calls.Length > largest * _options.GuardPart
                ? $"the guard holds it: {calls.Length} calls in one cycle, for {largest} rows of the largest table; at most {_options.GuardPart:P0} are let through"
            : null;
        var times = _recent.CountBy(r => r.Call).ToDictionary();
        return explained.ConvertAll(o =>
        {
            var held = o.Occurrence.State != OccurrenceState.Claimed ? null
                : why ?? LoopOf(times.GetValueOrDefault(o.Occurrence.Call)) ?? (o.Foreseen is { IsLoop: true } loop ? $"the guard holds it: {loop.Text}" : null);
            if (o.Occurrence.State == OccurrenceState.Claimed && held is null)
            {
                _recent.Enqueue((o.Occurrence.Call, now));
            }

            return o.Occurrence with { Cause = o.Explanation.Cause, State = held is null ? o.Occurrence.State : OccurrenceState.Held, Note = held ?? o.Foreseen?.Text };
        });
    }

    /// <summary>What to say of a call that was let through so often lately; null when that is nothing strange.</summary>
    private string? LoopOf(int times) => times < _options.LoopCalls ? null
        : $"the guard holds it: it was asked for {times + 1} times within {_options.GuardTime.TotalSeconds} s; the action may bring its own condition back, or something undoes it";

    /// <summary>Writes occurrences to the journal, and then knows them so.</summary>
    private async ValueTask WriteAsync(IReadOnlyList<Occurrence> occurrences, CancellationToken cancellationToken)
    {
        await _journal.WriteAsync(occurrences, Fence, cancellationToken).ConfigureAwait(false);
        foreach (var occurrence in occurrences)
        {
            Note(occurrence);
        }
    }

    private void Note(Occurrence occurrence)
    {
        if (occurrence.IsOpen)
        {
            _open[occurrence.Call] = occurrence;
        }
        else if (_open.TryGetValue(occurrence.Call, out var known) && known.Id == occurrence.Id)
        {
            _open.Remove(occurrence.Call);
        }

        if (occurrence.IsOpen || occurrence.State is OccurrenceState.Claimed or OccurrenceState.Sent)
        {
            _byId[occurrence.Id] = occurrence;
        }
        else
        {
            _byId.Remove(occurrence.Id);
        }
    }

    /// <summary>Does something that a store that cannot be reached only delays.</summary>
    private static async ValueTask TryAsync(Func<CancellationToken, ValueTask> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken).ConfigureAwait(false);
        }
        catch (StoreException)
        {
            // Nothing has been done that is not in the journal; it is tried again at the next look.
        }
    }
}
