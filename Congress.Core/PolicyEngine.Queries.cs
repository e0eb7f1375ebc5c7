using Congress.Data;
using Congress.Datalog;
using Congress.Datalog.Answers;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;
using Congress.Policies;
using Congress.Policies.Listening;

namespace Congress;

/// <summary>What an engine can be asked.</summary>
public sealed partial class PolicyEngine
{
    /// <summary>The rows of the tables <c>error</c> and <c>warning</c> of all policies, sorted by table and row.</summary>
    /// <exception cref="PolicyException">The evaluation went over a limit, or a builtin of the user failed.</exception>
    public IReadOnlyList<Violation> Violations => GetViolations();

    /// <summary>The rows of the tables <c>error</c> and <c>warning</c> of all policies, sorted by table and row.</summary>
    /// <param name="cancellationToken">Stops the evaluation.</param>
    /// <exception cref="PolicyException">The evaluation went over a limit, or a builtin of the user failed.</exception>
    public IReadOnlyList<Violation> GetViolations(CancellationToken cancellationToken = default) => Read(ViolationsIn, cancellationToken);

    /// <summary>Answers a query: an atom such as <c>p(x, 1)</c>, or a rule such as <c>q(x) :- p(x, y), y &lt; 5</c>.</summary>
    /// <param name="query">The query; a variable stands for anything, and a column may be named where columns have names.</param>
    /// <param name="policy">The policy that it is asked in; null for the default one.</param>
    /// <param name="cancellationToken">Stops the evaluation.</param>
    /// <returns>The distinct rows: all columns of the atom's table, or the head of the rule.</returns>
    /// <exception cref="PolicyException">The query is wrong, or its evaluation failed.</exception>
    public QueryResult Query(string query, string? policy = null, CancellationToken cancellationToken = default)
    {
        var formula = ParseQuery(query);
        return Read(view => new QueryResult(view.Query(formula, RequirePolicy(policy, view))), cancellationToken);
    }

    /// <summary>Answers a query with one value a row.</summary>
    /// <inheritdoc cref="Query(string, string?, CancellationToken)"/>
    public IReadOnlyList<T> Query<T>(string query, string? policy = null, CancellationToken cancellationToken = default) =>
        [.. Typed(query, policy, 1, cancellationToken).Select(r => r[0].As<T>())];

    /// <summary>Answers a query with two values a row.</summary>
    /// <inheritdoc cref="Query(string, string?, CancellationToken)"/>
    public IReadOnlyList<(T1, T2)> Query<T1, T2>(string query, string? policy = null, CancellationToken cancellationToken = default) =>
        [.. Typed(query, policy, 2, cancellationToken).Select(r => (r[0].As<T1>(), r[1].As<T2>()))];

    /// <summary>Answers a query with three values a row.</summary>
    /// <inheritdoc cref="Query(string, string?, CancellationToken)"/>
    public IReadOnlyList<(T1, T2, T3)> Query<T1, T2, T3>(string query, string? policy = null, CancellationToken cancellationToken = default) =>
        [.. Typed(query, policy, 3, cancellationToken).Select(r => (r[0].As<T1>(), r[1].As<T2>(), r[2].As<T3>()))];

    /// <summary>Reads a table: the rows it has now, facts and derived, in no order, undisturbed by later changes.</summary>
    /// <param name="table">The table: <c>policy:table</c>, or <c>table</c> in the default policy.</param>
    /// <param name="cancellationToken">Stops the evaluation.</param>
    /// <exception cref="PolicyException">The evaluation went over a limit, or a builtin of the user failed.</exception>
    public RowReader Read(string table, CancellationToken cancellationToken = default) => Read(NameOf(table), cancellationToken);

    /// <summary>The tables that rules derive, sorted.</summary>
    public IReadOnlyList<TableName> DerivedTables => Read(view => view.DerivedTables.Order().ToArray());

    /// <summary>All rules, oldest first, and whether each takes part in evaluation.</summary>
    public IReadOnlyList<RuleStatus> Rules => Read(view => view.Program.Policies.Values.SelectMany(p => p.Rules.Values).OrderBy(r => r.Order).Select(r => new RuleStatus(
        r.Policy, (r.Formula with { Annotations = Annotations.None }).ToString(), r.Formula.Annotations.Id, r.Formula.Place,
        r.Checked is not null ? RuleState.Active : r.WaitsFor.Count > 0 ? RuleState.Waiting : RuleState.SetAside,
        r.WaitsFor, r.Diagnostics)).ToArray());

    /// <summary>Finds what would make a query true: rows of some tables that, with all else as it is, make it hold.</summary>
    /// <param name="query">An atom, or a rule.</param>
    /// <param name="tables">The tables whose rows may be supposed.</param>
    /// <param name="policy">The policy that it is asked in; null for the default one.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>Each way to make the query true, once: an instance of it and what it needs.</returns>
    /// <exception cref="PolicyException">The query is wrong, or the search went over a limit.</exception>
    public IReadOnlyList<Abduction> Abduce(
        string query, IEnumerable<string> tables, string? policy = null, CancellationToken cancellationToken = default)
    {
        var formula = ParseQuery(query);
        return Read(view => view.Abduce(formula, RequirePolicy(policy, view), tables).Select(a => new Abduction(a.Conclusion, a.Needs)).ToArray(), cancellationToken);
    }

    /// <summary>Finds the part of a policy that another engine could take over: the rules that help define an output table,
    /// without output rules that depend on a prohibited table or on no required one.</summary>
    /// <param name="required">The tables of which an output rule must depend on at least one.</param>
    /// <param name="prohibited">The tables on which an output rule must not depend.</param>
    /// <param name="outputs">The tables that are wanted.</param>
    /// <param name="policy">The policy; null for the default one.</param>
    /// <returns>The rules and facts, as texts.</returns>
    /// <exception cref="PolicyException">There is no such policy.</exception>
    public IReadOnlyList<string> FindSubpolicy(
        IEnumerable<string> required, IEnumerable<string> prohibited, IEnumerable<string> outputs, string? policy = null) =>
        Read(view => view.FindSubpolicy(RequirePolicy(policy, view), required, prohibited, outputs).Select(f => f.ToString()).ToArray());

    private static IReadOnlyList<Violation> ViolationsIn(View view) => [.. view.AllTables
        .Where(t => !t.IsAction && t.Table is "error" or "warning" && view.Program.IsJudging(t.Policy)).Order()
        .SelectMany(t => ChangeNotice.ViolationsOf(t, view.Justify(t)))];

    private QueryResult Typed(string query, string? policy, int columns, CancellationToken cancellationToken)
    {
        var result = Query(query, policy, cancellationToken);
        return result.Columns.Count == columns ? result : throw new ArgumentException(
            $"The query has {result.Columns.Count} columns, not {columns}; a rule such as q(x) :- ... chooses columns.", nameof(query));
    }

    private static Formula ParseQuery(string query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var parsed = Parser.Parse(query, "query");
        if (parsed.HasErrors)
        {
            throw new PolicyException(parsed.Diagnostics);
        }

        return parsed.Statements is [Formula { Heads: [{ Negated: false }] } formula] ? formula : throw new PolicyException(
            Diagnostic.Error(DiagnosticCode.NotAFormula, new("query", 0, query.Length, 1, 1), "a query is one atom or one rule with one head"));
    }

    private string RequirePolicy(string? policy, View view)
    {
        var name = policy ?? _options.DefaultPolicy;
        return view.Program.Policies.ContainsKey(name) ? name : throw new PolicyException(Diagnostic.Error(
            DiagnosticCode.BadPolicy, default, $"there is no policy {name}",
            Spelling.Closest(name, view.Program.Policies.Keys) is { } near ? $"did you mean {near}?" : null));
    }
}
