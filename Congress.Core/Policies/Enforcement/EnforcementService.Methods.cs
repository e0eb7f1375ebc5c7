using Congress.Actions;
using Congress.Bus;
using Congress.Data;

namespace Congress.Policies.Enforcement;

/// <summary>What operators ask.</summary>
public sealed partial class EnforcementService
{
    private void AddMethods()
    {
        Methods.AddConcurrent(EnforcementMethods.List, (asked, _, token) => ListAsync(asked, token));
        Methods.Add(EnforcementMethods.Decide, DecideAsync);
        Methods.AddConcurrent(EnforcementMethods.Execute, ExecuteAsync);
    }

    private async ValueTask<IReadOnlyList<Occurrence>> ListAsync(OccurrencesQuestion asked, CancellationToken cancellationToken)
    {
        if (asked.Id is null)
        {
            return MessagePage.Of(await _journal.ReadLastAsync(asked.State, Math.Clamp(asked.Limit, 0, 10_000), cancellationToken).ConfigureAwait(false), LengthOf);
        }

        return await _journal.FindAsync(asked.Id, cancellationToken).ConfigureAwait(false) is { } found && found.State == (asked.State ?? found.State) ? [found] : [];
    }

    private static long LengthOf(Occurrence occurrence) => 500 + MessagePage.LengthOf(occurrence.Policy) + MessagePage.LengthOf(occurrence.Service) + MessagePage.LengthOf(occurrence.Action)
        + MessagePage.LengthOf(occurrence.Arguments) + MessagePage.LengthOf(occurrence.Cause) + MessagePage.LengthOf(occurrence.Note);

    private async ValueTask<Occurrence> DecideAsync(Decision decision, CallContext context, CancellationToken cancellationToken)
    {
        if (_byId.GetValueOrDefault(decision.Id) is not { } occurrence)
        {
            throw new DecisionException($"there is no open occurrence {decision.Id}: the rows under it may have changed, which voids it");
        }

        if (!occurrence.MayBeApproved || (_engine.ReadActions(_requested) ?? _requested)?.IsGone(occurrence.Call) == true)
        {
            throw new DecisionException($"occurrence {decision.Id} is {occurrence.State}{(occurrence.IsOpen ? "" : ", and no rule asks for it any more")}; nothing waits for a decision");
        }

        occurrence = Changed(occurrence, decision.IsApproved ? OccurrenceState.Claimed : OccurrenceState.Rejected, $"{(decision.IsApproved ? "approved" : "rejected")} by {decision.By}");
        await WriteAsync([occurrence], cancellationToken).ConfigureAwait(false);
        Dispatch();
        return occurrence;
    }

    /// <summary>Acts by hand: journalled like any other action, and answered when its outcome is known.</summary>
    private async ValueTask<Occurrence> ExecuteAsync(ManualAction asked, CallContext context, CancellationToken cancellationToken)
    {
        var now = _options.Time.GetUtcNow();
        var cause = $"by {asked.By}{(asked.Named.Count == 0 ? "" : $", with {string.Join(", ", asked.Named.Select(a => $"{a.Key}={a.Value}"))}")}";
        var occurrence = new Occurrence(asked.Key, "", asked.Service, asked.Action, new Row([.. asked.Positional]), OccurrenceState.Claimed, IsOpen: false, cause, null, now, now);
        var isNew = false;
        await PostAsync(_ =>
        {
            isNew = _underWay.Add(occurrence.Id);
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
        var known = await _journal.FindAsync(asked.Key, cancellationToken).ConfigureAwait(false);
        var result = known is null && isNew ? await CarryOutAsync(occurrence, asked.Named, _ended).WaitAsync(cancellationToken).ConfigureAwait(false)
            : known ?? Changed(occurrence, OccurrenceState.Sent, "the same request is under way");
        return result.State switch
        {
            OccurrenceState.Done => result,
            OccurrenceState.Failed => throw new ActionException(isUnknown: false, result.Note ?? "the action was refused"),
            _ => throw new ActionException(isUnknown: true, result.Note ?? $"the action is {result.State}"),
        };
    }
}

/// <summary>A decision was refused: there is nothing to decide.</summary>
public sealed class DecisionException(string message) : Diagnostics.CongressException(message);
