using System.Collections.Immutable;
using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Builtins;
using Congress.Datalog.Storage;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Datalog.Programs;

/// <summary>A batch of changes while it is checked: what the program and the facts will be if all of it is right.</summary>
/// <remarks>
/// Nothing outside is touched; what comes of the changes is worked out and committed elsewhere. Changes take effect in order; but
/// declarations and the widths of tables that are defined count from the start, so that the order of texts and statements does not matter.
/// </remarks>
internal sealed partial class Transaction : IProgramScope
{
    private readonly PolicyProgram _old;
    private readonly Database _database;
    private readonly SymbolScope _symbols;
    private readonly ImmutableDictionary<string, ProgramPolicy>.Builder _policies;
    private readonly ImmutableDictionary<TableName, TableUse>.Builder _uses;
    private ImmutableHashSet<Rule> _clockRules;
    private readonly Dictionary<TableName, PendingRows> _rows = [];
    private readonly Dictionary<TableName, int> _expectedArity = [];
    private readonly HashSet<TableName> _changedHeads = [];
    private readonly HashSet<Rule> _addedRules = [];
    private readonly HashSet<Rule> _removedRules = [];
    private readonly List<Diagnostic> _diagnostics = [];
    private readonly List<(TableName Table, Row Row, SourceSpan Place)> _places = [];   // of new facts
    private Dictionary<string, string[]>? _names;   // by policy, those of its tables; none when a text has been announced since
    private RowTarget? _target;   // of the last row; none when something else has happened since
    private long _order;
    private bool _checksAll;
    private PolicyProgram? _next;

    public Transaction(PolicyProgram program, Database database, SymbolScope symbols, BuiltinRegistry builtins, long order)
    {
        _old = program;
        _database = database;
        _symbols = symbols;
        Builtins = builtins;
        _policies = program.Policies.ToBuilder();
        _uses = program.Uses.ToBuilder();
        _clockRules = program.ClockRules;
        _order = order;
    }

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    public bool HasErrors { get; private set; }

    /// <summary>Where the new facts stand.</summary>
    public IReadOnlyList<(TableName Table, Row Row, SourceSpan Place)> Places => _places;

    public BuiltinRegistry Builtins { get; }

    public IEnumerable<string> Policies => _policies.Keys;

    public PolicyKind? KindOf(string policy) => _policies.TryGetValue(policy, out var found) ? found.Kind : null;

    public bool IsComplete(string policy) => _policies.TryGetValue(policy, out var found) && found.IsComplete;

    public TableSchema? SchemaOf(TableName table)
    {
        var owner = table.IsAction ? TableName.Parse(table.Table, table.Policy) : table;
        return !_policies.TryGetValue(owner.Policy, out var policy) ? null
            : (table.IsAction ? policy.Actions : policy.Tables).GetValueOrDefault(owner.Table);
    }

    public int? ArityOf(TableName table)
    {
        if (SchemaOf(table) is { } schema)
        {
            return schema.Arity;
        }

        if (_uses.TryGetValue(table, out var use) && use.IsUsed)
        {
            return use.Arity;
        }

        var rows = _rows.GetValueOrDefault(table);
        return rows is null ? _database.FactsOf(table)?.Arity ?? Expected()
            : rows.Count > 0 ? rows.Added.Arity : Expected();

        int? Expected() => _expectedArity.TryGetValue(table, out var arity) ? arity : null;
    }

    public bool Defines(TableName table) => IsDefined(table) || _expectedArity.ContainsKey(table);

    public bool IsUsed(TableName table) => _uses.TryGetValue(table, out var use) && use.IsUsed;

    /// <summary>The tables of a policy that are defined.</summary>
    public IEnumerable<string> TablesOf(string policy) =>
        (_policies.TryGetValue(policy, out var found) ? found.Tables.Keys : [])
        .Concat(_uses.Where(u => u.Value.Definitions.Count > 0 && u.Key.Policy == policy).Select(u => u.Key.Table))
        .Concat(_database.TablesWithFacts.Concat(_rows.Keys).Concat(_expectedArity.Keys).Where(t => t.Policy == policy).Select(t => t.Table))
        .Distinct(StringComparer.Ordinal);

    /// <inheritdoc/>
    /// <remarks>While a text is defined, the names are gathered once: most come from the text itself, and have been announced.</remarks>
    public string? Nearest(TableName table)
    {
        _names ??= new(StringComparer.Ordinal);
        if (!_names.TryGetValue(table.Policy, out var names))
        {
            names = _names[table.Policy] = [.. TablesOf(table.Policy)];
        }

        return Spelling.Closest(table.Table, names);
    }

    public IReadOnlyCollection<string> ActionsOf(string policy) =>
        _policies.TryGetValue(policy, out var found) ? [.. found.Actions.Keys] : [];

    /// <summary>Adds a policy.</summary>
    public void CreatePolicy(string name, PolicyKind kind)
    {
        _target = null;
        if (!PolicyNames.IsValid(name))
        {
            Error(DiagnosticCode.BadPolicyName, name, $"'{name}' cannot name a policy",
                "a name is a letter or underscore, then letters, digits, underscores and dots; 'builtin' and reserved words are taken");
        }
        else if (_policies.ContainsKey(name))
        {
            Error(DiagnosticCode.BadPolicy, name, $"there is a policy {name} already");
        }
        else
        {
            _policies[name] = new(name, kind);
            _checksAll = true;
        }
    }

    /// <summary>Sets the whole schema of a datasource; rules that no longer fit are set aside, with a warning.</summary>
    public void SetSchema(string policy, IEnumerable<TableSchema> tables, IEnumerable<TableSchema> actions)
    {
        _target = null;
        if (RequirePolicy(policy, default) is { } found)
        {
            tables = [.. tables];
            foreach (var table in tables)
            {
                CheckRowsFit(new(policy, table.Table), table, default);
            }

            _policies[policy] = found with
            {
                Tables = tables.ToImmutableDictionary(t => t.Table, StringComparer.Ordinal),
                Actions = actions.ToImmutableDictionary(t => t.Table, StringComparer.Ordinal),
                IsComplete = true,
            };
            _checksAll = true;
        }
    }

    /// <summary>Removes a policy with all it holds.</summary>
    public void DeletePolicy(string name, bool refuseDangling)
    {
        _target = null;
        if (RequirePolicy(name, default) is null)
        {
            return;
        }

        var dangling = _policies.Values.Where(p => p.Name != name).SelectMany(p => p.Rules.Values)
            .Where(r => r.Formula.Body.OfType<AtomLiteral>().Any(l => l.Atom.Policy == name)).OrderBy(r => r.Order).ToArray();
        if (refuseDangling && dangling.Length > 0)
        {
            foreach (var rule in dangling)
            {
                Error(DiagnosticCode.DanglingReference, rule.Formula.Span,
                    $"policy {name} cannot be deleted: rule {rule.Formula} of {rule.Policy} uses it");
            }

            return;
        }

        _policies.Remove(name);
        foreach (var table in _database.TablesWithFacts.Where(t => t.Policy == name))
        {
            var facts = _database.FactsOf(table)!;
            RemoveAll(PendingOf(table, facts.Arity), facts);
        }

        _checksAll = true;
    }

    /// <summary>Gives a policy another name; rules elsewhere that use the old one then wait for it.</summary>
    public void RenamePolicy(string name, string newName)
    {
        _target = null;
        if (RequirePolicy(name, default) is not { } policy)
        {
            return;
        }

        CreatePolicy(newName, policy.Kind);
        if (HasErrors)
        {
            return;
        }

        _policies.Remove(name);
        _policies[newName] = policy with
        {
            Name = newName,
            Rules = policy.Rules.ToImmutableDictionary(r => r.Key, r => r.Value with { Policy = newName }, StringComparer.Ordinal),
        };
        foreach (var table in _database.TablesWithFacts.Where(t => t.Policy == name).ToArray())
        {
            var facts = _database.FactsOf(table)!;
            var moved = PendingOf(new(newName, table.Table, table.IsAction), facts.Arity);
            for (var row = 0; row < facts.Count; row++)
            {
                moved.Insert(facts[row]);
            }

            RemoveAll(PendingOf(table, facts.Arity), facts);
        }
    }

    /// <summary>Ends the batch: checks what depends on all of it together.</summary>
    public void Complete()
    {
        _next = null;
        if (_checksAll && !HasErrors)
        {
            CheckAllRules();
        }

        // A new rule closes a cycle only where its head was used already.
        if (!HasErrors && _changedHeads.Count > 0 && _changedHeads.Any(h => _uses.TryGetValue(h, out var use) && use is { Definitions.Count: > 0, Users.Count: > 0 }))
        {
            foreach (var diagnostic in RecursionCheck.Of(Program.Graph, KindOf))
            {
                Report(diagnostic);
            }
        }
    }

    /// <summary>The program as it will be.</summary>
    public PolicyProgram Program => _next ??= _policies.ToImmutable() is var policies && ReferenceEquals(policies, _old.Policies)
        ? _old : new() { Policies = policies, Uses = _uses.ToImmutable(), ClockRules = _clockRules };

    /// <summary>The symbols that the rows are written in.</summary>
    public SymbolScope Symbols => _symbols;

    /// <summary>The tables that have given rows, or will.</summary>
    public IEnumerable<TableName> TablesWithRows => _database.TablesWithFacts.Concat(_rows.Keys).Distinct().Where(t => CountOf(t) > 0);

    /// <summary>The order for the next rule.</summary>
    public long Order => _order;

    /// <summary>The rules that become active.</summary>
    public IReadOnlySet<Rule> AddedRules => _addedRules;

    /// <summary>The rules that are no longer active.</summary>
    public IReadOnlySet<Rule> RemovedRules => _removedRules;

    /// <summary>The changes of given rows, by table.</summary>
    public Dictionary<TableName, TableChange> RowChanges()
    {
        var changes = new Dictionary<TableName, TableChange>(_rows.Count);
        foreach (var (table, rows) in _rows)
        {
            if (rows.Added.Count + rows.Removed.Count > 0)
            {
                changes[table] = new(_database.FactsOf(table), rows.Removed, rows.Added);
            }
        }

        return changes;
    }

    private static void RemoveAll(PendingRows pending, Relation facts)
    {
        for (var row = 0; row < facts.Count; row++)
        {
            pending.Delete(facts[row]);
        }
    }

    /// <summary>Whether something defines a table, apart from what the batch is about to insert.</summary>
    private bool IsDefined(TableName table) =>
        SchemaOf(table) is not null || (_uses.TryGetValue(table, out var use) && use.Definitions.Count > 0) || CountOf(table) > 0;

    private int CountOf(TableName table) => _rows.TryGetValue(table, out var rows) ? rows.Count : _database.FactsOf(table)?.Count ?? 0;

    private PendingRows PendingOf(TableName table, int arity)
    {
        if (!_rows.TryGetValue(table, out var rows))
        {
            rows = _rows[table] = new(_database.FactsOf(table), arity);
        }
        else if (rows.Count == 0 && rows.Added.Arity != arity)
        {
            rows.Widen(arity);
        }

        return rows;
    }

    private ProgramPolicy? RequirePolicy(string name, SourceSpan span)
    {
        if (_policies.TryGetValue(name, out var policy))
        {
            return policy;
        }

        Report(Diagnostic.Error(DiagnosticCode.BadPolicy, span, $"there is no policy {name}",
            Spelling.Closest(name, _policies.Keys) is { } near ? $"did you mean {near}?" : null));
        return null;
    }

    private void Error(DiagnosticCode code, string policy, string message, string? hint = null) =>
        Report(Diagnostic.Error(code, new(policy, 0, 0, 0, 0), message, hint));

    private void Error(DiagnosticCode code, SourceSpan span, string message) => Report(Diagnostic.Error(code, span, message));

    private void Report(Diagnostic diagnostic)
    {
        HasErrors |= diagnostic.Severity == DiagnosticSeverity.Error;
        _diagnostics.Add(diagnostic);
    }
}
