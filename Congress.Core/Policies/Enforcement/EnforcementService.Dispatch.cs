using Congress.Actions;
using Congress.Bus;
using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Policies.Enforcement;

/// <summary>How a call is made.</summary>
public sealed partial class EnforcementService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskTime = TimeSpan.FromSeconds(5);
    private static readonly IReadOnlyDictionary<string, Value> NoNames = new Dictionary<string, Value>(StringComparer.Ordinal);

    private readonly HashSet<string> _underWay = new(StringComparer.Ordinal);

    /// <summary>Decides on calls that a former instance may have sent: they are repeated where that does no harm, and else nobody knows.</summary>
    private async ValueTask TakeOverUnfinishedAsync(CancellationToken cancellationToken)
    {
        var unknown = _byId.Values.Where(o => o.State == OccurrenceState.Sent && (o.Promise is null or ActionPromise.AtMostOnce || IsManual(o)))
            .Select(o => Changed(o, OccurrenceState.Unknown, "the engine that acted ended before it knew the outcome; the action is not repeated"));
        var notBegun = _byId.Values.Where(o => o.State == OccurrenceState.Claimed && IsManual(o)).Select(o => Changed(o, OccurrenceState.Failed, "the engine that was asked ended before it began"));
        Occurrence[] decided = [.. unknown, .. notBegun];
        if (decided.Length > 0)
        {
            await WriteAsync(decided, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether a person asked for it, who waits for its outcome.</summary>
    private static bool IsManual(Occurrence occurrence) => occurrence.Policy.Length == 0;

    /// <summary>Begins with the calls that are to be made, as many at a time as may be.</summary>
    private void Dispatch()
    {
        foreach (var occurrence in _byId.Values.Where(o => o.State is OccurrenceState.Claimed or OccurrenceState.Sent && !_underWay.Contains(o.Id)).ToArray())
        {
            if (_underWay.Count >= _options.Workers)
            {
                return;
            }

            _underWay.Add(occurrence.Id);
            _ = CarryOutAsync(occurrence, NoNames, _ended);
        }
    }

    /// <summary>Makes one call, with repetitions where they do no harm.</summary>
    /// <returns>What became of it.</returns>
    private async Task<Occurrence> CarryOutAsync(Occurrence occurrence, IReadOnlyDictionary<string, Value> named, CancellationToken ended)
    {
        try
        {
            var began = _options.Time.GetTimestamp();
            for (var pause = TimeSpan.FromMilliseconds(200); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                (occurrence, var isOver) = await AttemptAsync(occurrence, named, ended).ConfigureAwait(false);
                if (isOver)
                {
                    return occurrence;
                }

                if (_options.Time.GetElapsedTime(began) >= _options.RetryTime)
                {
                    return await MoveAsync(occurrence, occurrence.State == OccurrenceState.Sent ? OccurrenceState.Unknown : OccurrenceState.Failed, occurrence.Note).ConfigureAwait(false);
                }

                await Task.Delay(pause, _options.Time, ended).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is StoreException or OperationCanceledException or InvalidOperationException or FencedException)
        {
            // The journal says how far it got; whoever acts next goes on from there.
            return occurrence;
        }
        finally
        {
            try
            {
                await PostAsync(_ =>
                {
                    _underWay.Remove(occurrence.Id);
                    return ValueTask.CompletedTask;
                }).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is InvalidOperationException or OperationCanceledException)
            {
                // This life is over.
            }
        }
    }

    /// <summary>Goes as far with a call as it can now.</summary>
    /// <returns>The occurrence as it stands in the journal then, and whether there is no more to do.</returns>
    private async Task<(Occurrence Occurrence, bool IsOver)> AttemptAsync(Occurrence occurrence, IReadOnlyDictionary<string, Value> named, CancellationToken ended)
    {
        var mayHaveBeenSent = occurrence.State == OccurrenceState.Sent;   // by a former attempt
        try
        {
            if (!mayHaveBeenSent)
            {
                var promise = occurrence.Promise ?? await Calls.CallAsync(occurrence.Service, ActionMethods.Promise, occurrence.Action, new() { Timeout = AskTime }, ended).ConfigureAwait(false);

                // From here on it may have been sent, whatever happens to this process.
                occurrence = await MoveAsync(occurrence with { Promise = promise }, OccurrenceState.Sent, null).ConfigureAwait(false);
                if (occurrence.State == OccurrenceState.Withdrawn)
                {
                    return (occurrence, true);
                }
            }

            await Calls.CallAsync(
                occurrence.Service, ActionMethods.Execute, new ActionRequest(occurrence.Action, occurrence.Arguments, named, occurrence.Id, Fence), new() { Timeout = _options.CallTime }, ended)
                .ConfigureAwait(false);
            return (await MoveAsync(occurrence, OccurrenceState.Done, null).ConfigureAwait(false), true);
        }
        catch (RemoteErrorException exception) when (exception.RemoteType == ActionException.NameOf(isUnknown: false))
        {
            return (await MoveAsync(occurrence, OccurrenceState.Failed, exception.RemoteMessage).ConfigureAwait(false), true);
        }
        catch (InvalidCallException)
        {
            return (await MoveAsync(occurrence, OccurrenceState.Failed, $"Service {occurrence.Service} has no actions").ConfigureAwait(false), true);
        }
        catch (BusException exception) when (exception is MessagingTimeoutException || (exception is RemoteErrorException remote && remote.RemoteType != ActionException.NameForNow))
        {
            // It may have been done. Where that does no harm it is done again, under the same key.
            return occurrence.State != OccurrenceState.Sent || occurrence.Promise is not (null or ActionPromise.AtMostOnce) ? (occurrence with { Note = exception.Message }, false)
                : (await MoveAsync(occurrence, OccurrenceState.Unknown, exception.Message).ConfigureAwait(false), true);
        }
        catch (BusException exception)
        {
            // Nothing was begun this time.
            var note = exception switch
            {
                ServiceNotFoundException => $"Service {occurrence.Service} not found",
                RemoteErrorException remote => remote.RemoteMessage,
                _ => exception.Message,
            };
            if (IsManual(occurrence))
            {
                return (await MoveAsync(occurrence, mayHaveBeenSent ? OccurrenceState.Unknown : OccurrenceState.Failed, note).ConfigureAwait(false), true);
            }

            return (occurrence.State == OccurrenceState.Sent && !mayHaveBeenSent
                ? await MoveAsync(occurrence, OccurrenceState.Claimed, note).ConfigureAwait(false) : occurrence with { Note = note }, false);
        }
    }

    private Occurrence Changed(Occurrence occurrence, OccurrenceState state, string? note) => occurrence with { State = state, Note = note, ChangedAt = _options.Time.GetUtcNow() };

    /// <summary>Moves an occurrence on, in the journal first. One whose rule no longer asks for it is withdrawn instead of being sent.</summary>
    private async Task<Occurrence> MoveAsync(Occurrence occurrence, OccurrenceState state, string? note)
    {
        await PostAsync(async token =>
        {
            var isOpen = _byId.TryGetValue(occurrence.Id, out var known) ? known.IsOpen : occurrence.IsOpen;
            state = state == OccurrenceState.Sent && !isOpen && !IsManual(occurrence) ? OccurrenceState.Withdrawn : state;
            occurrence = Changed(occurrence with { IsOpen = isOpen }, state, note);
            await WriteAsync([occurrence], token).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return occurrence;
    }
}
