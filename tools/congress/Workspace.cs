using Congress.Data;
using Congress.Datalog.Syntax;
using Congress.Datasources.Drivers.Files;
using Congress.Diagnostics;
using Congress.Policies;

namespace Congress.Cli;

/// <summary>An engine with the policies and facts of a command line.</summary>
/// <remarks>The columns of facts files are learned first and declared, so that rules can name them; then the rules of all
/// files are checked together; rows are loaded last.</remarks>
internal sealed class Workspace : IDisposable
{
    private readonly Session _session;
    private readonly FactsTables? _facts;
    private readonly Dictionary<TableName, TableSchema> _declared;

    private Workspace(Session session, PolicyFiles files, PolicyKind kind, string? facts)
    {
        (_session, DefaultPolicy) = (session, files.DefaultPolicy);
        _declared = DeclaredBy(files);
        _facts = facts is null ? null : FactsTables.Learn(facts, DefaultPolicy, _declared);
        Engine = new(new() { DefaultPolicy = DefaultPolicy, DefaultKind = kind, TimeProvider = new StoppedClock(), Origins = _facts });
        Warnings = Insert(files, kind);
    }

    public PolicyEngine Engine { get; }

    /// <summary>The policy of files that name none.</summary>
    public string DefaultPolicy { get; }

    /// <summary>What was accepted but deserves a look, in the order of the files.</summary>
    public IReadOnlyList<Diagnostic> Warnings { get; }

    /// <summary>The warnings without those on tables that nothing defines: where no facts are given, these are the sources.</summary>
    public IReadOnlyList<Diagnostic> WarningsBesidesSources => [.. Warnings.Where(w => w.Code != DiagnosticCode.UndefinedTable)];

    /// <summary>The tables that rules derive, by the names under which they are shown.</summary>
    public IReadOnlyList<(string Name, TableName Table)> DerivedTables
    {
        get
        {
            var tables = Engine.DerivedTables;
            var isOne = tables.Select(t => t.Policy).Concat(Engine.Rules.Select(r => r.Policy)).Distinct(StringComparer.Ordinal).Count() < 2;
            return [.. tables.Select(t => (Name: isOne ? t.In(t.Policy) : t.ToString(), Table: t)).OrderBy(t => t.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>Makes an engine and inserts the policies; the rows of the facts are not loaded yet.</summary>
    /// <exception cref="PolicyException">A policy is wrong, or a facts file cannot be read.</exception>
    public static Workspace Open(Session session, PolicyFiles files, PolicyKind kind, string? facts) => new(session, files, kind, facts);

    /// <summary>Loads the rows of all facts files, as one batch.</summary>
    /// <returns>The number of rows that are new.</returns>
    public long LoadFacts()
    {
        var batch = new PolicyBatch();
        var readers = new List<RowReader>();
        try
        {
            foreach (var file in _facts?.Folder.Files ?? [])
            {
                var table = _facts!.TableOf(file).ToString();
                readers.Add(new DeferredReader(() => Open(file, table)));
                batch.InsertAll(table, readers[^1], file.Path);
            }

            Engine.Apply(batch, _session.Cancellation).ThrowIfRefused();
            return batch.Loaded;
        }
        finally
        {
            readers.ForEach(reader => reader.Dispose());
        }
    }

    /// <summary>The names of a table's columns; the positions of those without a name.</summary>
    public IEnumerable<string> ColumnsOf(TableName table, int width) =>
        (_facts?.Schemas ?? _declared).TryGetValue(table, out var schema)
            ? schema.Columns.Select(c => c.Name)
            : Enumerable.Range(0, width).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>A policy that an option names, when there is one of that name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public string? Known(string option, string? policy)
    {
        var all = Engine.Policies.Select(p => p.Name).ToArray();
        return policy is null || all.Contains(policy, StringComparer.Ordinal) ? policy : throw new InputException(option,
            $"there is no policy {policy}{(Spelling.Closest(policy, all) is { } near ? $"; did you mean {near}?" : "")}");
    }

    public void Dispose() => Engine.Dispose();

    private RowReader Open(FactsFile file, string table) =>
        _session.IsWatched ? new Progress(_facts!.Open(file), table, _session.Error) : _facts!.Open(file);

    private Diagnostic[] Insert(PolicyFiles files, PolicyKind kind)
    {
        var texts = files.Files.Select(f => (Policy: f.Policy ?? DefaultPolicy, f.Parsed.Statements)).ToList();
        var batch = new PolicyBatch();
        foreach (var policy in texts.Select(t => t.Policy).Where(p => p != DefaultPolicy).Distinct(StringComparer.Ordinal))
        {
            batch.CreatePolicy(policy, files.ActionPolicies.Contains(policy) ? PolicyKind.Action : kind);
        }

        var given = texts.Select(t => t.Policy).Append(DefaultPolicy).ToHashSet(StringComparer.Ordinal);
        foreach (var folder in _facts?.Folder.Files.Select(f => f.Policy).OfType<string>().Distinct(StringComparer.Ordinal) ?? [])
        {
            if (given.Add(folder))
            {
                batch.CreatePolicy(folder, PolicyKind.Datasource);
            }
        }

        foreach (var (table, width) in _facts?.Widths ?? new Dictionary<TableName, int>())
        {
            batch.Expect(table, width);
        }

        texts.InsertRange(0, _facts?.Declarations.Select(d => (d.Policy, (IReadOnlyList<Statement>)[d.Declaration])) ?? []);
        foreach (var (policy, statements) in texts)
        {
            batch.InsertRules(statements, policy);
        }

        var result = Engine.Apply(batch).ThrowIfRefused();
        return WarningsOf(files, result.Diagnostics);
    }

    /// <summary>What there is to say of the rules as they stand at the end, when all texts are known.</summary>
    /// <exception cref="PolicyException">A rule does not fit another text.</exception>
    private Diagnostic[] WarningsOf(PolicyFiles files, IReadOnlyList<Diagnostic> found)
    {
        var rules = Engine.Rules;
        var aside = rules.Where(r => r.State == RuleState.SetAside).SelectMany(r => r.Diagnostics).ToArray();
        if (aside.Length > 0)
        {
            throw new PolicyException(aside);
        }

        var rulesInFiles = files.Files.SelectMany(f => f.Parsed.Statements).OfType<Formula>().Where(f => !f.IsFact).Select(f => f.Span).ToArray();
        var elsewhere = found.Where(d => !rulesInFiles.Any(r => r.Source == d.Span.Source && r.Start <= d.Span.Start && d.Span.Start < r.End));
        return [.. files.Files.SelectMany(f => f.Parsed.Diagnostics).Concat(elsewhere).Concat(rules.SelectMany(WarningsOf))
            .Distinct().OrderBy(d => files.Files.TakeWhile(f => f.Path != d.Span.Source).Count()).ThenBy(d => d.Span.Start)];
    }

    /// <summary>What there is to say of a rule; of one that waits at least that it does.</summary>
    private static IEnumerable<Diagnostic> WarningsOf(RuleStatus rule)
    {
        const string Hint = "declare the columns of its tables, or give their facts with --facts";
        if (rule.State != RuleState.Waiting)
        {
            return rule.Diagnostics;
        }

        var waitsFor = string.Join(" and ", rule.WaitsFor);
        return rule.Diagnostics.Any(d => d.Code == DiagnosticCode.UnknownPolicy)
            ? rule.Diagnostics.Select(d => d.Code != DiagnosticCode.UnknownPolicy ? d : d with
            {
                Message = d.Message + "; until then the rule is left out", Hint = d.Hint ?? Hint,
            })
            : rule.Diagnostics.Append(Diagnostic.Warning(DiagnosticCode.UnknownPolicy, rule.Span,
                $"the rule is left out, as it names columns of {waitsFor} that are not known", Hint));
    }

    private static Dictionary<TableName, TableSchema> DeclaredBy(PolicyFiles files)
    {
        var declared = new Dictionary<TableName, TableSchema>();
        foreach (var file in files.Files)
        {
            foreach (var declaration in file.Parsed.Statements.OfType<Declaration>())
            {
                var table = new TableName(declaration.Policy ?? file.Policy ?? files.DefaultPolicy, declaration.Table);
                declared.TryAdd(table, new(declaration.Table, [.. declaration.Columns]));
            }
        }

        return declared;
    }
}
