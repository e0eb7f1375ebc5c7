using System.Globalization;
using Congress.Bus;
using Congress.Data;
using Congress.Diagnostics;
using Congress.Policies.Catalog;
using Congress.Policies.Serving;

namespace Congress;

/// <summary>What the engine is asked. Several calls are answered at a time, each from one state of the engine.</summary>
public sealed partial class PolicyEngineService
{
    private void AddReadings()
    {
        Methods.AddConcurrent(EngineMethods.ReadCatalog, ReadCatalogAsync);
        Methods.AddConcurrent(EngineMethods.Tables, ReadTablesAsync);
        Methods.AddConcurrent(EngineMethods.Rows, ReadRowsAsync);
        Methods.AddConcurrent(EngineMethods.Query, QueryAsync);
        Methods.AddConcurrent(EngineMethods.Explain, ExplainAsync);
        Methods.AddConcurrent(EngineMethods.WhatIf, (asked, _, token) => ValueTask.FromResult(WhatIf(asked, token)));
        Methods.AddConcurrent(EngineMethods.Violations, (asked, _, token) =>
        {
            var state = StateNow();
            var policy = asked.Policy is null ? null : state.Find(asked.Policy)?.Name ?? throw new CatalogException(CatalogFailure.NoPolicy, $"Policy ID {asked.Policy} does not exist");
            var all = _engine!.GetViolations(token).Where(v => policy is null || v.Table.Policy == policy).ToArray();
            return ValueTask.FromResult<ViolationsAnswer>(new(state.Version, MessagePage.Of(all.Take((int)Math.Clamp(asked.Limit, 0, 10_000)).Select(ViolationMessage.Of), LengthOf), all.Length));
        });
        Methods.Add(EngineMethods.Status, (_, _, _) => ValueTask.FromResult<EngineStatus>(new(
            Node.Id.ToString(), StateNow().Version, _storeFailure,
            _followed.ToDictionary(f => f.Key.ToString(), f => !f.Value.Replica.IsStale, StringComparer.Ordinal)
                .Concat(_refused.Select(r => KeyValuePair.Create(r.Key.ToString(), false))).DistinctBy(t => t.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal),
            _catalog?.SetAside ?? new Dictionary<string, string>(StringComparer.Ordinal))));
    }

    private CatalogState StateNow() => _catalog?.State ?? CatalogState.Empty;

    /// <summary>The policies and rules, of a version at least.</summary>
    /// <exception cref="StoreException">The engine does not get that far.</exception>
    private async ValueTask<CatalogState> StateAtAsync(long version, CancellationToken cancellationToken)
    {
        if (StateNow().Version < version)
        {
            await PostAsync(CatchUpAsync).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return StateNow() is var state && state.Version >= version ? state
            : throw new StoreException(StoreFailure.Unavailable, $"this engine has version {state.Version} of the policies; version {version} was asked for");
    }

    private async ValueTask<CatalogAnswer> ReadCatalogAsync(CatalogQuestion asked, CallContext context, CancellationToken cancellationToken)
    {
        var state = await StateAtAsync(asked.MinVersion, cancellationToken).ConfigureAwait(false);
        PolicyRecord[] policies = asked.Policy is null ? [.. state.Policies.Values] : state.Find(asked.Policy) is { } policy ? [policy] : [];
        if (asked is not { WithRules: true } || policies is not [var only] || asked.Policy is null)
        {
            return new(state.Version, policies, []);
        }

        if (asked.Rule is { } id)
        {
            return new(state.Version, policies, state.RuleOf(only.Name, id) is { } rule ? [rule] : []);
        }

        var page = MessagePage.Of(
            state.RulesOf(only.Name).Skip(asked.Offset), r => 100 + MessagePage.LengthOf(r.Id) + MessagePage.LengthOf(r.Policy) + MessagePage.LengthOf(r.Text) + MessagePage.LengthOf(r.Name) + MessagePage.LengthOf(r.Comment));
        return new(state.Version, policies, page, asked.Offset + page.Count >= state.CountOf(only.Name));
    }

    private async ValueTask<TablesAnswer> ReadTablesAsync(TablesQuestion asked, CallContext context, CancellationToken cancellationToken)
    {
        var state = await StateAtAsync(asked.MinVersion, cancellationToken).ConfigureAwait(false);
        return new(state.Version, TablesOf(state, asked.Policy));
    }

    /// <summary>The tables of a policy, or those of a datasource that rules read; null when there is neither.</summary>
    private IReadOnlyList<string>? TablesOf(CatalogState state, string nameOrId) =>
        state.Find(nameOrId) is { } policy ? state.TablesOf(policy.Name, _options.Engine.Builtins)
        : _engine!.Policies.Any(p => p.Name == nameOrId && p.Kind == PolicyKind.Datasource)
            ? [.. _engine.Dependencies.Tables.Where(t => t.Table.Policy == nameOrId && !t.Table.IsAction).Select(t => t.Table.Table)]
        : null;

    private async ValueTask<RowsAnswer> ReadRowsAsync(RowsQuestion asked, CallContext context, CancellationToken cancellationToken)
    {
        var state = await StateAtAsync(asked.MinVersion, cancellationToken).ConfigureAwait(false);
        if (TablesOf(state, asked.Policy)?.Contains(asked.Table, StringComparer.Ordinal) != true)
        {
            return new(state.Version, _engine!.Version, null);
        }

        var table = TableName.Parse(asked.Table, state.Find(asked.Policy)?.Name ?? asked.Policy);
        var version = _engine!.Version;
        var rows = new List<Row>();
        using (var reader = _engine.Read(table, cancellationToken))
        {
            var wanted = (asked.Where ?? new Dictionary<string, Value>(StringComparer.Ordinal)).Select(w => (Column: ColumnOf(reader, table, w.Key), w.Value)).ToArray();
            while (reader.Read())
            {
                if (Array.TrueForAll(wanted, w => reader.Current[w.Column].Equals(w.Value)))
                {
                    rows.Add(new(reader.Current));
                }
            }
        }

        var offset = (int)Math.Clamp(asked.Offset, 0, rows.Count);
        if (offset == 0 && asked.Limit >= rows.Count && MessagePage.Of(rows, MessagePage.LengthOf).Count == rows.Count)
        {
            return new(state.Version, version, rows, IsAll: true, asked.WithTrace ? TraceOf(table) : null);   // in no order, which is sooner
        }

        rows.Sort();   // so that one page follows the other
        var page = MessagePage.Of(rows.Skip(offset).Take((int)Math.Min(asked.Limit, int.MaxValue)), MessagePage.LengthOf);
        return new(state.Version, version, page, offset + page.Count == rows.Count, asked.WithTrace ? TraceOf(table) : null);
    }

    private int ColumnOf(RowReader reader, TableName table, string column)
    {
        var schema = _engine!.SchemaOf(table);
        var position = schema?.IndexOf(column) ?? -1;
        return position >= 0 || (int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out position) && position < reader.Width) ? position
            : throw new CatalogException(CatalogFailure.NoColumn, $"table {table} has no column '{column}'; it has {(schema is null ? $"{reader.Width}, by position from 0" : string.Join(", ", schema.Columns.Select(c => c.Name)))}");
    }

    private static long LengthOf(ViolationMessage violation) =>
        200 + MessagePage.LengthOf(violation.Policy) + MessagePage.LengthOf(violation.Table) + MessagePage.LengthOf(violation.Row) + MessagePage.LengthOf(violation.Message)
        + MessagePage.LengthOf(violation.Rule) + violation.Because.Sum(MessagePage.LengthOf);

    /// <summary>How a table is derived: the rules that give it rows, with the steps of each.</summary>
    private string TraceOf(TableName table) => string.Join(Environment.NewLine, _engine!.Explain().Strata.Where(s => s.Tables.Contains(table))
        .SelectMany(s => s.Rules).Select(r => $"{r.Policy}: {r.Rule}{string.Concat(r.Steps.Select(s => $"{Environment.NewLine}  {s.Verb} {s.Condition}"))}"));

    private async ValueTask<QueryAnswer> QueryAsync(QueryQuestion asked, CallContext context, CancellationToken cancellationToken)
    {
        var state = await StateAtAsync(asked.MinVersion, cancellationToken).ConfigureAwait(false);
        var result = _engine!.Query(asked.Query, state.Find(asked.Policy)?.Name ?? asked.Policy, cancellationToken);
        var rows = MessagePage.Of(result.Take((int)Math.Clamp(asked.Limit, 0, int.MaxValue)), MessagePage.LengthOf);
        return new(state.Version, result.Columns, rows, rows.Count == result.Count);
    }

    private async ValueTask<ExplanationAnswer> ExplainAsync(ExplanationQuestion asked, CallContext context, CancellationToken cancellationToken)
    {
        var state = await StateAtAsync(asked.MinVersion, cancellationToken).ConfigureAwait(false);
        var policy = state.Find(asked.Policy)?.Name ?? throw new CatalogException(CatalogFailure.NoPolicy, $"Policy ID {asked.Policy} does not exist");
        if (asked.IsAbsence)
        {
            var absence = _engine!.WhyNot(asked.Row, policy, cancellationToken);
            return new(state.Version, absence is null, null, absence);
        }

        var derivation = _engine!.Why(asked.Row, policy, cancellationToken);
        return new(state.Version, derivation is not null, derivation?.ToDocument(), null);
    }

    private WhatIfAnswer WhatIf(WhatIfQuestion asked, CancellationToken cancellationToken)
    {
        var state = StateNow();
        var (policy, actions) = (NameOf(asked.Policy), asked.ActionPolicy is null ? null : NameOf(asked.ActionPolicy));
        var simulation = _engine!.Simulate();
        simulation = asked.Insert is { } insert ? simulation.AddRule(insert, policy) : simulation;
        simulation = asked.Delete is { } delete ? simulation.RemoveRule(delete, policy) : simulation;
        simulation = simulation.Sequence(asked.Sequence, actions, policy);
        var result = asked.Query is { } query ? simulation.Run(query, policy, cancellationToken) : simulation.Run(cancellationToken);
        return new(
            state.Version, asked.WithDelta ? result.Delta : result.Answers,
            [.. result.Appeared.Select(ViolationMessage.Of)], [.. result.Cleared.Select(ViolationMessage.Of)],
            [.. result.Actions.Select(a => a.ToString())], asked.WithTrace ? $"{asked.Sequence}{Environment.NewLine}{result}" : null);

        string NameOf(string nameOrId) => state.Find(nameOrId)?.Name
            ?? (_engine!.Policies.Any(p => p.Name == nameOrId) ? nameOrId : throw new CatalogException(CatalogFailure.NoPolicy, $"there is no policy {nameOrId}"));
    }
}
