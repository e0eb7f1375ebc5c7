using Congress.Bus;
using Congress.Data;
using Congress.Diagnostics;
using Congress.Policies;
using Congress.Policies.Catalog;
using Congress.Policies.Serving;

namespace Congress;

/// <summary>The policies and rules that the engine shares with others.</summary>
public sealed partial class PolicyEngineService
{
    private long _directoryVersion;
    private volatile string? _storeFailure;

    /// <summary>The policies that every system has, and that cannot be deleted.</summary>
    public static IReadOnlyList<PolicyRecord> SystemPolicies { get; } =
    [
        new("", "classification", PolicyKind.Nonrecursive, "class", "default policy", "user"),
        new("", "action", PolicyKind.Action, "actio", "default action policy", "user"),
    ];

    private void AddChanges()
    {
        Methods.Add(EngineMethods.CreatePolicy, (asked, _, token) => ChangeAsync(c => c.CreatePolicyAsync(asked.RequestId, asked.Policy, asked.Rules, token), token));
        Methods.Add(EngineMethods.DeletePolicy, (asked, _, token) => ChangeAsync(
            c => SystemPolicies.Any(p => p.Name == c.State.Find(asked.Policy)?.Name)
                ? throw new CatalogException(CatalogFailure.SystemPolicy, $"Cannot delete system-maintained policy {c.State.Find(asked.Policy)!.Name}")
                : c.DeletePolicyAsync(asked.RequestId, asked.Policy, token), token));
        Methods.Add(EngineMethods.InsertRule, (asked, _, token) => ChangeAsync(c => c.InsertRuleAsync(asked.RequestId, asked.Rule, token), token));
        Methods.Add(EngineMethods.DeleteRule, (asked, _, token) => ChangeAsync(c => c.DeleteRuleAsync(asked.RequestId, asked.Policy, asked.Rule, token), token));
        Methods.Add(StoreChanges.CatchUp, async (_, _, token) =>
        {
            await CatchUpAsync(token).ConfigureAwait(false);
            return true;
        });
        Methods.Add(EngineMethods.Announce, async (version, _, token) =>
        {
            var isKnown = Catalog.State.Version >= version;
            if (!isKnown)
            {
                await CatchUpAsync(token).ConfigureAwait(false);
            }

            return isKnown;
        });
    }

    private PolicyCatalog Catalog => _catalog ?? throw new StoreException(StoreFailure.Unavailable, "this engine has no rule log");

    private async ValueTask<CatalogAnswer> ChangeAsync(Func<PolicyCatalog, Task<RuleLogEntry>> change, CancellationToken cancellationToken)
    {
        var catalog = Catalog;
        _areRulesChanging = true;
        try
        {
            await ReadDirectoryAsync(cancellationToken).ConfigureAwait(false);   // a rule may name the columns of a datasource that has just come
            var entry = await change(catalog).ConfigureAwait(false);
            _storeFailure = null;
            _ = TellOthersAsync(entry.Version);
            return AnswerOf(entry);
        }
        finally
        {
            RulesHaveChanged(cancellationToken);   // others' rules may have come, whatever has become of this one
        }
    }

    /// <summary>What an entry of the log created or deleted.</summary>
    private static CatalogAnswer AnswerOf(RuleLogEntry entry)
    {
        var (policies, rules) = (new List<PolicyRecord>(), new List<RuleRecord>());
        foreach (var change in entry.Changes)
        {
            switch (change)
            {
                case CatalogChange.PolicyCreated created:
                    policies.Add(created.Policy);
                    break;
                case CatalogChange.PolicyDeleted deleted:
                    policies.Add(deleted.Policy);
                    break;
                case CatalogChange.RuleInserted inserted:
                    rules.Add(inserted.Rule);
                    break;
                case CatalogChange.RuleDeleted deleted:
                    rules.Add(deleted.Rule);
                    break;
            }
        }

        return new(entry.Version, policies, rules);
    }

    private static async Task CreateSystemPoliciesAsync(PolicyCatalog catalog, CancellationToken cancellationToken)
    {
        foreach (var policy in SystemPolicies.Where(p => catalog.State.Find(p.Name) is null))
        {
            try
            {
                await catalog.CreatePolicyAsync($"system:{policy.Name}", policy with { Id = Guid.NewGuid().ToString() }, cancellationToken: cancellationToken).ConfigureAwait(false);
            }
            catch (CatalogException exception) when (exception.Failure == CatalogFailure.PolicyExists)
            {
                // Another engine was first.
            }
        }
    }

    /// <summary>Takes over what others have changed. A store that cannot be read is noted, and asked again at the next time: what is known stays.</summary>
    private async ValueTask CatchUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            _areRulesChanging = true;
            var datasources = await ReadDirectoryAsync(cancellationToken).ConfigureAwait(false);
            var rules = await Catalog.CatchUpAsync(cancellationToken).ConfigureAwait(false);
            _storeFailure = null;
            if (datasources)
            {
                Catalog.TryAgain();
            }

            if (datasources || rules || _refused.Count > 0)
            {
                RulesHaveChanged(cancellationToken);
            }
        }
        catch (StoreException exception)
        {
            _storeFailure = exception.Message;
        }
        finally
        {
            _areRulesChanging = false;
        }
    }

    private void RulesHaveChanged(CancellationToken cancellationToken)
    {
        FollowTables();
        _areRulesChanging = false;
        if (_isReady)
        {
            PublishWhatIsWanted(cancellationToken);
        }
    }

    /// <summary>Has the other engines take over at once what they would find at their next look.</summary>
    private async Task TellOthersAsync(long version)
    {
        try
        {
            await Calls.BroadcastAsync(Name, EngineMethods.Announce, version, new() { Timeout = TimeSpan.FromSeconds(2) }).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is CongressException or InvalidOperationException)
        {
            // They look by themselves.
        }
    }

    /// <summary>Takes over which datasources there are.</summary>
    /// <returns>Whether that has changed.</returns>
    private async ValueTask<bool> ReadDirectoryAsync(CancellationToken cancellationToken)
    {
        if (_options.Directory is not { } directory || await directory.ReadAfterAsync(_directoryVersion, cancellationToken).ConfigureAwait(false) is not var (version, datasources))
        {
            return false;
        }

        await ApplyWaiting(cancellationToken).ConfigureAwait(false);   // what came under the schemas that are known
        var engine = _engine!;
        foreach (var gone in _datasources.Except(datasources.Select(d => d.Name).Concat(_options.Datasources.Keys), StringComparer.Ordinal).ToArray())
        {
            _datasources.Remove(gone);
            engine.DeletePolicy(gone);
        }

        var taken = engine.Policies.Select(p => p.Name).Except(_datasources, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        foreach (var datasource in datasources.Where(d => !taken.Contains(d.Name)))
        {
            if (_datasources.Add(datasource.Name))
            {
                engine.CreateDatasource(datasource.Name, datasource.Tables, datasource.Actions);
            }
            else
            {
                engine.SetSchema(datasource.Name, datasource.Tables, datasource.Actions);
            }
        }

        _directoryVersion = version;
        return true;
    }
}
