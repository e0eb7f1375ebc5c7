using Congress.Data;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;
using Congress.Policies;
using Congress.Policies.Catalog;

namespace Congress;

/// <summary>The policies and rules of an engine, held in a log that engines share: each sees all, and none accepts what does not go with the rest.</summary>
/// <remarks>
/// A change is checked on what all engines have appended so far, while nobody else appends; it is in the log before it takes effect, and
/// takes effect before it is answered. So no crash loses what was answered, and the rules of all engines together never become recursive
/// where that is not allowed. One caller at a time changes it; any number read <see cref="State"/>.
/// </remarks>
/// <param name="engine">The engine. Policies that are not in the log, such as its default one, are its owner's.</param>
/// <param name="log">The log.</param>
public sealed class PolicyCatalog(PolicyEngine engine, IRuleLog log)
{
    private const int LongLog = 20_000;   // entries since the last snapshot, before it is compacted

    private readonly Dictionary<string, string> _setAside = new(StringComparer.Ordinal);
    private long _compactedAt;

    /// <summary>The rules of others that this engine could not take over, by identity, and why: they do not go with what only it has, such as another schema of a
    /// datasource. They are tried again when <see cref="TryAgain"/> is called.</summary>
    public IReadOnlyDictionary<string, string> SetAside
    {
        get
        {
            lock (_setAside)
            {
                return _setAside.ToDictionary(StringComparer.Ordinal);
            }
        }
    }

    /// <summary>What the engine has.</summary>
    public CatalogState State { get; private set; } = CatalogState.Empty;

    /// <summary>Takes over what others have appended.</summary>
    /// <returns>Whether there was something.</returns>
    /// <exception cref="StoreException">The log cannot be read.</exception>
    public async Task<bool> CatchUpAsync(CancellationToken cancellationToken = default)
    {
        var before = State.Version;
        TakeOver(await log.ReadAfterAsync(before, cancellationToken).ConfigureAwait(false));
        return State.Version != before;
    }

    /// <summary>Creates a policy with its first rules, all or nothing.</summary>
    /// <param name="requestId">What the request is known by: one that comes again is answered as before, and changes nothing.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="rules">Its rules, of that policy. One that means the same as one before it is left out.</param>
    /// <param name="cancellationToken">Stops the work before it is in the log.</param>
    /// <returns>What was created, or had been.</returns>
    /// <exception cref="CatalogException">There is a policy of that name, or a text is not one rule.</exception>
    /// <exception cref="PolicyException">The name cannot be one, or a rule is wrong.</exception>
    /// <exception cref="StoreException">The log cannot be written.</exception>
    public Task<RuleLogEntry> CreatePolicyAsync(
        string requestId, PolicyRecord policy, IReadOnlyList<RuleRecord>? rules = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return ChangeAsync(requestId, state =>
        {
            if (state.Policies.ContainsKey(policy.Name))
            {
                throw new CatalogException(CatalogFailure.PolicyExists, $"Policy with name {policy.Name} already exists");
            }

            state = state.With([new CatalogChange.PolicyCreated(policy)], state.Version);
            var changes = new List<CatalogChange> { new CatalogChange.PolicyCreated(policy) };
            foreach (var rule in rules ?? [])
            {
                if (state.SameAs(policy.Name, rule.Text) is not null)
                {
                    continue;
                }

                var inserted = Insert(state, rule);
                state = state.With([inserted], state.Version);
                changes.Add(inserted);
            }

            return changes;
        }, cancellationToken);
    }

    /// <summary>Deletes a policy with its rules.</summary>
    /// <inheritdoc cref="CreatePolicyAsync"/>
    /// <param name="requestId">What the request is known by.</param>
    /// <param name="nameOrId">The policy.</param>
    /// <param name="cancellationToken">Stops the work before it is in the log.</param>
    /// <exception cref="CatalogException">There is no such policy.</exception>
    public Task<RuleLogEntry> DeletePolicyAsync(string requestId, string nameOrId, CancellationToken cancellationToken = default) =>
        ChangeAsync(requestId, state => [new CatalogChange.PolicyDeleted(Require(state, nameOrId))], cancellationToken);

    /// <summary>Inserts a rule.</summary>
    /// <inheritdoc cref="CreatePolicyAsync"/>
    /// <param name="requestId">What the request is known by.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="cancellationToken">Stops the work before it is in the log.</param>
    /// <exception cref="CatalogException">There is no such policy, it has the rule, or the text is not one rule.</exception>
    public Task<RuleLogEntry> InsertRuleAsync(string requestId, RuleRecord rule, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return ChangeAsync(requestId, state => [Insert(state, rule)], cancellationToken);
    }

    /// <summary>Deletes a rule.</summary>
    /// <inheritdoc cref="CreatePolicyAsync"/>
    /// <param name="requestId">What the request is known by.</param>
    /// <param name="policy">The policy that holds it, by name or identity.</param>
    /// <param name="id">The rule.</param>
    /// <param name="cancellationToken">Stops the work before it is in the log.</param>
    /// <exception cref="CatalogException">There is no such policy, or it has no such rule.</exception>
    public Task<RuleLogEntry> DeleteRuleAsync(string requestId, string policy, string id, CancellationToken cancellationToken = default) =>
        ChangeAsync(requestId, state =>
        {
            var name = Require(state, policy).Name;
            return state.RuleOf(name, id) is { } rule
                ? [new CatalogChange.RuleDeleted(rule)]
                : throw new CatalogException(CatalogFailure.NoRule, $"policy {name} has no rule {id}");
        }, cancellationToken);

    private static CatalogChange.RuleInserted Insert(CatalogState state, RuleRecord rule)
    {
        var policy = Require(state, rule.Policy).Name;
        var parsed = Parser.Parse(rule.Text, policy);
        if (parsed.Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error))
        {
            throw new PolicyException(parsed.Diagnostics);
        }

        if (parsed.Statements is not [Formula])
        {
            throw new CatalogException(CatalogFailure.NotOneRule, $"the text is {parsed.Statements.Count} statements; expected one rule: {rule.Text}");
        }

        return state.SameAs(policy, rule.Text) is { } same
            ? throw new CatalogException(CatalogFailure.RuleExists, $"policy {policy} has that rule already, as {same.Id}: {same.Text}")
            : new(rule with { Policy = policy });
    }

    private static PolicyRecord Require(CatalogState state, string nameOrId) =>
        state.Find(nameOrId) ?? throw new CatalogException(CatalogFailure.NoPolicy, $"there is no policy {nameOrId}");

    private async Task<RuleLogEntry> ChangeAsync(
        string requestId, Func<CatalogState, IReadOnlyList<CatalogChange>> decide, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(requestId);
        RuleLogEntry? entry;
        using (var append = await log.BeginAppendAsync(State.Version, cancellationToken).ConfigureAwait(false))
        {
            TakeOver(append.Missed);
            entry = append.Find(requestId);
            if (entry is null)
            {
                if (append.FindRefusal(requestId) is { } earlier)
                {
                    throw earlier.ToException();
                }

                try
                {
                    var changes = decide(State);
                    engine.Apply(BatchOf(changes), () => entry = append.Commit(requestId, changes), cancellationToken).ThrowIfRefused();
                    State = State.With(changes, entry!.Version);
                }
                catch (CongressException exception) when (Refusal.Of(exception) is { } refusal)
                {
                    append.Refuse(requestId, refusal);
                    throw;
                }
            }
        }

        if (State.Version - _compactedAt >= LongLog)
        {
            await log.CompactAsync(State.Version, State.ToChanges(), cancellationToken).ConfigureAwait(false);
            _compactedAt = State.Version;
        }

        return entry;
    }

    /// <summary>Makes the engine follow a part of the log.</summary>
    private void TakeOver(RuleLogPart part)
    {
        if (part.Start is var (version, changes))
        {
            var clear = State.Policies.Values.Select(p => new CatalogChange.PolicyDeleted(p)).ToArray();
            engine.Apply(BatchOf(clear)).ThrowIfRefused();
            State = CatalogState.Empty;
            Follow(changes, version);
            _compactedAt = version;
        }

        foreach (var entry in part.Entries)
        {
            Follow(entry.Changes, entry.Version);
        }
    }

    private void Follow(IReadOnlyList<CatalogChange> changes, long version)
    {
        var state = State.With(changes, version);
        if (!engine.Apply(BatchOf(changes)).Permitted)
        {
            // It was right where it was made. One that cannot be right here, alone, keeps none of the others away.
            foreach (var change in changes)
            {
                if (engine.Apply(BatchOf([change])) is { Permitted: false } refused)
                {
                    if (change is not CatalogChange.RuleInserted inserted)
                    {
                        throw new PolicyException(refused.Diagnostics);
                    }

                    Note(inserted.Rule.Id, new PolicyException(refused.Diagnostics).Message);
                }
            }
        }

        State = state;
    }

    /// <summary>Tries again to take over the rules that were set aside.</summary>
    public void TryAgain()
    {
        foreach (var id in SetAside.Keys)
        {
            if (State.Policies.Keys.Select(p => State.RuleOf(p, id)).FirstOrDefault(r => r is not null) is not { } rule
                || engine.Apply(new PolicyBatch().InsertRules(rule.Text, rule.Policy)).Permitted)
            {
                Note(id, null);
            }
        }
    }

    private void Note(string id, string? why)
    {
        lock (_setAside)
        {
            if (why is null)
            {
                _setAside.Remove(id);
            }
            else
            {
                _setAside[id] = why;
            }
        }
    }

    /// <summary>The batch that changes mean to the engine.</summary>
    private static PolicyBatch BatchOf(IReadOnlyList<CatalogChange> changes)
    {
        var batch = new PolicyBatch();
        foreach (var change in changes)
        {
            _ = change switch
            {
                CatalogChange.PolicyCreated { Policy: var policy } => batch.CreatePolicy(policy.Name, policy.Kind),
                CatalogChange.PolicyDeleted { Policy: var policy } => batch.DeletePolicy(policy.Name),
                CatalogChange.RuleInserted { Rule: var rule } => batch.InsertRules(rule.Text, rule.Policy),
                CatalogChange.RuleDeleted { Rule: var rule } => batch.DeleteRules(rule.Text, rule.Policy),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }

        return batch;
    }
}
