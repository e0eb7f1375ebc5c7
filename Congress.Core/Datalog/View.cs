using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Answers;
using Congress.Datalog.Evaluation;
using Congress.Datalog.Maintenance;
using Congress.Datalog.Programs;
using Congress.Datalog.Storage;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Datalog;

/// <summary>One version, for questions: the committed one, or one that a what-if supposes. The answers are values, never handles.</summary>
/// <remarks>It holds only while nothing is committed, and is for one thread. What it computes, it keeps for itself.</remarks>
internal sealed class View
{
    private readonly Engine _engine;
    private readonly EvaluationRequest _request;
    private readonly EvaluationContext _context;
    private readonly Transaction _scope;
    private readonly Evaluator _evaluator;

    public View(Engine engine, Transaction scope, Tables tables, SymbolScope symbols, EvaluationRequest request)
    {
        (_engine, _request, _scope, Tables, Symbols, Program) = (engine, request, scope, tables, symbols, scope.Program);
        _context = new(symbols, request.Now, engine.Limits, request.CancellationToken) { Clock = request.Clock };
        _evaluator = new(tables, _context) { OnExecuted = request.OnExecuted };
    }

    /// <summary>The program of the version.</summary>
    public PolicyProgram Program { get; }

    /// <summary>Its symbols, with those that the questions bring.</summary>
    public SymbolScope Symbols { get; }

    /// <summary>Its tables, with those that the questions need.</summary>
    public Tables Tables { get; }

    /// <summary>What a statement that is not stored can refer to.</summary>
    public IProgramScope Scope => _scope;

    /// <summary>All tables that have facts or rules.</summary>
    public IEnumerable<TableName> AllTables => _scope.TablesWithRows.Concat(DerivedTables).Distinct();

    /// <summary>Answers an atom or a rule that is asked in a policy.</summary>
    /// <exception cref="PolicyException">The query is wrong, or its evaluation failed.</exception>
    public QueryAnswer Query(Formula query, string policy)
    {
        var rule = Check(query, policy);
        var bindings = _evaluator.BindingsOf(Prepare(rule));
        return QueryAnswer.Of(Symbols, query, rule, _evaluator.Project(rule, bindings), bindings);
    }

    /// <summary>The values of all variables for which the conditions of a checked question hold.</summary>
    public Relation AllBindingsOf(Rule query) => _evaluator.BindingsOf(Prepare(query));

    /// <summary>The rows that a rule derives from bindings of its variables.</summary>
    public Relation Project(Rule rule, Relation bindings) => _evaluator.Project(rule, bindings);

    /// <summary>The rows of a table, sorted, each with a rule and a way in which it holds.</summary>
    public IReadOnlyCollection<Justification> Justify(TableName table) => JustificationFinder.For(this, table, RowsOf(table).ToRelation());

    /// <summary>For the rows that a table gains by a change, or loses, sorted, a rule and a way in which each holds.</summary>
    public IReadOnlyCollection<Justification> Justify(Proposal change, TableName table, bool isInserted) =>
        change.Of(table) is { } rows ? JustificationFinder.For(this, table, isInserted ? rows.Inserted : rows.Deleted) : [];

    /// <summary>The rows of a table, sorted.</summary>
    public Row[] SortedRowsOf(TableName table) => Symbols.SortedRowsOf(RowsOf(table).ToRelation());

    /// <summary>The number of rows of a table.</summary>
    public long Count(TableName table) => RowsOf(table).Count;

    /// <summary>The bindings of all variables of each rule that gives rows which a table has.</summary>
    public IReadOnlyList<(Rule Rule, Relation Bindings)> BindingsFor(TableName table, Relation rows)
    {
        var rules = Program.DefinitionsOf(table).Where(r => !r.IsAggregate).ToArray();
        Prepare(rules.SelectMany(r => r.Tables).Select(t => t.Table));
        return [.. rules.Select(r => (r, BindingsOf(r, rows)))];
    }

    /// <summary>How the tables of all rules depend on each other, those of rules that wait included.</summary>
    public TableGraph Dependencies => TableGraphBuilder.Of(this);

    /// <summary>Tells how all rules would be evaluated from scratch with the rows there are.</summary>
    public PlanReport Explain() => PlanReporter.Of(this);

    /// <summary>The tables that rules derive.</summary>
    public IEnumerable<TableName> DerivedTables => Program.Uses.Where(u => u.Value.Definitions.Count > 0).Select(u => u.Key);

    /// <summary>The rows of a table, facts and derived.</summary>
    public TableView RowsOf(TableName table)
    {
        Prepare([table]);
        return Tables.RowsOf(table, Tables.ArityOf(table) ?? 0);
    }

    /// <summary>The given rows of a table, without derived ones.</summary>
    public TableView FactsOf(TableName table) => FactsOf(table, Tables.ArityOf(table) ?? 0);

    private TableView FactsOf(TableName table, int arity) => Tables.FactsOf(table, arity);

    /// <summary>Finds what would make a query true, supposing rows of some tables.</summary>
    /// <exception cref="PolicyException">The query is wrong, or the search took too many steps.</exception>
    public IReadOnlyList<(string Conclusion, IReadOnlyList<string> Needs)> Abduce(Formula query, string policy, IEnumerable<string> tables) =>
        new AbductionSearch(this, [.. tables.Select(t => TableName.Parse(t, policy))], _request.CancellationToken).Run(Check(query, policy));

    /// <summary>Selects the rules and facts of a policy that another engine could take over.</summary>
    public IEnumerable<Formula> FindSubpolicy(
        string policy, IEnumerable<string> required, IEnumerable<string> prohibited, IEnumerable<string> outputs)
    {
        var rules = Program.Policies[policy].Rules.Values.OrderBy(r => r.Order).Select(r => r.Formula with { Annotations = Annotations.None });
        return SubpolicySearch.Run(rules.Concat(Facts(policy)), required, prohibited, outputs);
    }

    /// <summary>Evaluates all rules from scratch, also those whose tables are up to date.</summary>
    public void EvaluateAnew()
    {
        foreach (var component in Program.Graph.Components)
        {
            Evaluate(component);
        }
    }

    /// <summary>Calls a builtin outside of an evaluation.</summary>
    public IReadOnlyList<Row> Call(Builtins.Builtin builtin, Value[] inputs, Rule rule)
    {
        var (values, count) = _context.Call(builtin, inputs, rule);
        return [.. Enumerable.Range(0, count).Select(i => new Row([.. values.Skip(i * builtin.Outputs).Take(builtin.Outputs)]))];
    }

    /// <summary>Computes, for this view, what a question needs of tables that are not kept up to date.</summary>
    /// <returns>The rule to ask.</returns>
    private Rule Prepare(Rule query)
    {
        bool IsOpen(TableName table) => Program.DefinitionsOf(table).Length > 0 && !Tables.HasDerived(table);
        if (!query.Tables.Any(t => IsOpen(t.Table)))
        {
            return query;
        }

        if (GoalRewriting.Of(query, t => Program.DefinitionsOf(t), IsOpen) is not { } goals)
        {
            Prepare(query.Tables.Select(t => t.Table));
            return query;
        }

        foreach (var (table, facts) in goals.Facts)
        {
            Tables.Keep(facts, FactsOf(table, Program.DefinitionsOf(table)[0].Terms.Length).ToRelation());
        }

        foreach (var component in goals.Graph.Components)
        {
            _request.CancellationToken.ThrowIfCancellationRequested();
            Evaluate(component);
        }

        return goals.Query;
    }

    /// <summary>Computes, for this view, those of the tables that are not kept up to date, and all that they depend on.</summary>
    public void Prepare(IEnumerable<TableName> tables)
    {
        var missing = tables.Where(t => Program.DefinitionsOf(t).Length > 0 && !Tables.HasDerived(t)).ToArray();
        if (missing.Length == 0)
        {
            return;
        }

        var needed = Program.Graph.WithUses(missing);
        foreach (var component in Program.Graph.Components)
        {
            if (component.Tables.Any(t => needed.Contains(t) && !Tables.HasDerived(t)))
            {
                _request.CancellationToken.ThrowIfCancellationRequested();
                Evaluate(component);
            }
        }
    }

    private void Evaluate(Component component)
    {
        foreach (var (table, rows) in _evaluator.Evaluate(component))
        {
            Tables.Keep(table, rows);
        }
    }

    /// <summary>The bindings of all variables of a rule that give rows which are asked for; its tables are prepared.</summary>
    public Relation BindingsOf(Rule rule, Relation rows)
    {
        var bindings = new Relation(rule.Variables.Length);
        Tables.Candidates = rows;
        _engine.Plans.Run(rule, PlanKind.Bindings, 0, rows.Count, bindings, _context, Tables);
        return bindings;
    }

    /// <summary>Checks a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="policy">The policy that it is asked in.</param>
    /// <param name="given">The variables whose values come with the question.</param>
    /// <exception cref="PolicyException">The query is wrong.</exception>
    public Rule Check(Formula query, string policy, params ReadOnlySpan<string> given)
    {
        var findings = new Findings();
        var rule = query.IsFact ? QueryAnalyzer.Check(query.Head, policy, _scope, findings, given) : RuleAnalyzer.CheckQuery(query, policy, _scope, findings, given);
        return rule ?? throw new PolicyException(findings.HasErrors ? findings.Diagnostics : [.. findings.WaitsFor.Select(w =>
            Diagnostic.Error(DiagnosticCode.UnknownPolicy, query.Span, $"the columns of {w} are not known"))]);
    }

    private IEnumerable<Formula> Facts(string policy)
    {
        foreach (var table in AllTables.Where(t => t.Policy == policy).Order())
        {
            var facts = FactsOf(table).ToRelation();
            for (var i = 0; i < facts.Count; i++)
            {
                var terms = Symbols.RowOf(facts[i]).Select(v => (Term)new Constant(v));
                var atom = new Atom(table.IsAction ? Modal.Execute : Modal.None, null, table.Table, new([.. terms]), NodeList<NamedArgument>.Empty);
                yield return new(new(new AtomLiteral(atom, false)), NodeList<Literal>.Empty, Annotations.None);
            }
        }
    }
}
