using Congress.Data;
using Congress.Datalog;
using Congress.Datalog.Programs;
using Congress.Diagnostics;
using Congress.Policies;

namespace Congress;

/// <summary>Policies, the rows they speak about, and what follows from them: the one object for use in a process.</summary>
/// <remarks>
/// Thread safe. A batch takes effect as a whole or not at all, and every answer is of one version. What somebody depends
/// on - the violations, actions, whatever is watched - is kept up to date by every change; all else is worked out when asked.
/// What a policy says wrongly is reported by <see cref="Apply(PolicyBatch, CancellationToken)"/> as diagnostics, and by the
/// shorter methods as a <see cref="PolicyException"/>.
/// </remarks>
public sealed partial class PolicyEngine : IAsyncDisposable, IDisposable
{
    private readonly Engine _engine;
    private readonly PolicyEngineOptions _options;

    /// <summary>Makes an engine with an empty default policy.</summary>
    /// <exception cref="PolicyException">The name of the default policy is not one.</exception>
    public PolicyEngine(PolicyEngineOptions? options = null)
    {
        _options = options ?? new();
        _engine = new(_options.Builtins, _options.Limits) { LargeChange = _options.LargeChange };
        CreatePolicy(_options.DefaultPolicy, _options.DefaultKind);
    }

    /// <summary>The names and kinds of all policies, sorted by name.</summary>
    public IReadOnlyList<PolicyInfo> Policies => Read(view => view.Program.Policies.Values
        .Select(p => new PolicyInfo(p.Name, p.Kind, p.Rules.Count)).OrderBy(p => p.Name, StringComparer.Ordinal).ToArray());

    /// <summary>Makes an engine with a policy.</summary>
    /// <param name="policy">The text of the default policy.</param>
    /// <param name="options">How to set the engine up.</param>
    /// <exception cref="PolicyException">The text is wrong; all that is wrong is listed.</exception>
    public static PolicyEngine Create(string policy, PolicyEngineOptions? options = null)
    {
        var engine = new PolicyEngine(options);
        engine.InsertRules(policy);
        return engine;
    }

    /// <summary>Makes the changes of a batch, all or none.</summary>
    /// <param name="batch">The changes.</param>
    /// <param name="cancellationToken">Stops the work; then nothing has changed.</param>
    /// <exception cref="PolicyException">What follows from the changes went over a limit, or a builtin of the user or a reader of rows
    /// failed; nothing has changed.</exception>
    public ApplyResult Apply(PolicyBatch batch, CancellationToken cancellationToken = default) => Apply(batch, null, cancellationToken);

    /// <inheritdoc cref="Apply(PolicyBatch, CancellationToken)"/>
    /// <param name="batch">The changes.</param>
    /// <param name="onPermitted">Called when they are permitted, before they take effect: whoever keeps a log of them writes it now. When it throws, nothing
    /// has changed. It may not use the engine.</param>
    /// <param name="cancellationToken">Stops the work; then nothing has changed.</param>
    public ApplyResult Apply(PolicyBatch batch, Action? onPermitted, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.SyntaxFindings.Any(d => d.Severity == DiagnosticSeverity.Error)
            ? new(false, batch.SyntaxFindings)
            : Apply(transaction => batch.ApplyTo(transaction, _options.DefaultPolicy, cancellationToken), batch.SyntaxFindings, onPermitted, cancellationToken);
    }

    /// <summary>Inserts a row.</summary>
    /// <param name="table">The table: <c>policy:table</c>, or <c>table</c> in the default policy.</param>
    /// <param name="row">The values in column order.</param>
    /// <returns>Whether the row is new.</returns>
    /// <exception cref="PolicyException">The row does not fit the table, or there is no such policy.</exception>
    public bool Insert(string table, params ReadOnlySpan<Value> row) => Change(table, row, isInsert: true);

    /// <summary>Deletes a row.</summary>
    /// <param name="table">The table: <c>policy:table</c>, or <c>table</c> in the default policy.</param>
    /// <param name="row">The values in column order.</param>
    /// <returns>Whether the row was there.</returns>
    /// <exception cref="PolicyException">The row does not fit the table, or there is no such policy.</exception>
    public bool Delete(string table, params ReadOnlySpan<Value> row) => Change(table, row, isInsert: false);

    /// <summary>Inserts all rows that a reader gives, as one batch.</summary>
    /// <param name="table">The table: <c>policy:table</c>, or <c>table</c> in the default policy.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="cancellationToken">Stops the loading; then no row has been inserted.</param>
    /// <returns>The number of new rows.</returns>
    /// <exception cref="PolicyException">A row does not fit the table, or there is no such policy.</exception>
    public long Load(string table, RowReader rows, CancellationToken cancellationToken = default)
    {
        var batch = new PolicyBatch().InsertAll(table, rows);
        Apply(batch, cancellationToken).ThrowIfRefused();
        return batch.Loaded;
    }

    /// <summary>Inserts the rules, facts and declarations of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="policy">The policy that they go into; null for the default one.</param>
    /// <param name="source">The name of the text in messages, such as a path; null for the policy's name.</param>
    /// <returns>The warnings.</returns>
    /// <exception cref="PolicyException">The text is wrong; all that is wrong is listed.</exception>
    public IReadOnlyList<Diagnostic> InsertRules(string text, string? policy = null, string? source = null) =>
        Apply(new PolicyBatch().InsertRules(text, policy, source)).ThrowIfRefused().Diagnostics;

    /// <summary>Deletes the rules, facts and declarations of a text; one that is not there changes nothing.</summary>
    /// <param name="text">The text. A rule is known by its head and conditions, whatever their order.</param>
    /// <param name="policy">The policy that holds them; null for the default one.</param>
    /// <exception cref="PolicyException">The text is wrong; all that is wrong is listed.</exception>
    public void DeleteRules(string text, string? policy = null) =>
        Apply(new PolicyBatch().DeleteRules(text, policy)).ThrowIfRefused();

    /// <summary>Creates a policy.</summary>
    /// <exception cref="PolicyException">There is one of that name, or the name cannot be one.</exception>
    public void CreatePolicy(string name, PolicyKind kind = PolicyKind.Nonrecursive) =>
        Apply(transaction => transaction.CreatePolicy(name, kind)).ThrowIfRefused();

    /// <summary>Creates a policy of kind datasource with the schema of its driver, which lists all its tables.</summary>
    /// <param name="name">The name under which rules refer to it.</param>
    /// <param name="tables">Its tables.</param>
    /// <param name="actions">The actions it offers, with their arguments as columns.</param>
    /// <returns>The warnings, such as rules that waited and do not fit.</returns>
    /// <exception cref="PolicyException">There is a policy of that name, or the name cannot be one.</exception>
    public IReadOnlyList<Diagnostic> CreateDatasource(
        string name, IEnumerable<TableSchema> tables, IEnumerable<TableSchema>? actions = null) =>
        Apply(transaction =>
        {
            transaction.CreatePolicy(name, PolicyKind.Datasource);
            transaction.SetSchema(name, tables, actions ?? []);
        }).ThrowIfRefused().Diagnostics;

    /// <summary>Replaces the schema of a datasource. Rules that waited for it become active; those that no longer fit are set aside.</summary>
    /// <param name="name">The datasource.</param>
    /// <param name="tables">Its tables.</param>
    /// <param name="actions">The actions it offers, with their arguments as columns.</param>
    /// <returns>The warnings, such as rules that do not fit.</returns>
    /// <exception cref="PolicyException">There is no such policy.</exception>
    public IReadOnlyList<Diagnostic> SetSchema(
        string name, IEnumerable<TableSchema> tables, IEnumerable<TableSchema>? actions = null) =>
        Apply(transaction => transaction.SetSchema(name, tables, actions ?? [])).ThrowIfRefused().Diagnostics;

    /// <summary>Deletes a policy with its rules and rows.</summary>
    /// <param name="name">The policy.</param>
    /// <param name="refuseDangling">Whether to refuse when a rule elsewhere refers to it.</param>
    /// <exception cref="PolicyException">There is no such policy, or a rule refers to it.</exception>
    public void DeletePolicy(string name, bool refuseDangling = false) =>
        Apply(transaction => transaction.DeletePolicy(name, refuseDangling)).ThrowIfRefused();

    /// <summary>Gives a policy another name. Rules elsewhere that use the old name then refer to a policy that is not there.</summary>
    /// <exception cref="PolicyException">There is no such policy, or the new name is taken or cannot be one.</exception>
    public void RenamePolicy(string name, string newName) =>
        Apply(transaction => transaction.RenamePolicy(name, newName)).ThrowIfRefused();

    private bool Change(string table, ReadOnlySpan<Value> row, bool isInsert)
    {
        var (name, values, changed) = (NameOf(table), row.ToArray(), false);
        Apply(transaction => changed = transaction.Change(name, values, isInsert)).ThrowIfRefused();
        return changed;
    }

    private TableName NameOf(string table) => TableName.Parse(table, _options.DefaultPolicy);
}
