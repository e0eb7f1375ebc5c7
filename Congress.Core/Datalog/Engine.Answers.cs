using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Answers;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Datalog;

/// <summary>The questions that the rest of Core may ask; the answers are values, never handles.</summary>
internal sealed partial class Engine
{
    /// <summary>Answers an atom or a rule that is asked in a policy.</summary>
    /// <exception cref="PolicyException">The query is wrong, or its evaluation failed.</exception>
    public QueryAnswer Query(Formula query, string policy, EvaluationRequest request)
    {
        var rule = CheckQuery(query, policy);
        var evaluator = Prepare(rule.Tables.Select(t => t.Table), request);
        var bindings = evaluator.BindingsOf(rule);
        return QueryAnswer.Of(this, query, rule, evaluator.Project(rule, bindings), bindings);
    }

    /// <summary>The rows of a table, sorted, each with a rule and a way in which it holds.</summary>
    public IReadOnlyCollection<Justification> Justify(TableName table, EvaluationRequest request) =>
        JustificationFinder.In(this, table, request);

    /// <summary>Reads a copy of a table's rows, facts and derived.</summary>
    public RowReader Read(TableName table, EvaluationRequest request) => new TableReader(this, RowsOf(table, request));

    /// <summary>Finds what would make a query true, supposing rows of some tables.</summary>
    /// <exception cref="PolicyException">The query is wrong, or the search took too many steps.</exception>
    public IReadOnlyList<(string Conclusion, IReadOnlyList<string> Needs)> Abduce(
        Formula query, string policy, IEnumerable<string> tables, EvaluationRequest request) =>
        new AbductionSearch(this, request, [.. tables.Select(t => TableName.Parse(t, policy))]).Run(CheckQuery(query, policy));

    /// <summary>Selects the rules and facts of a policy that another engine could take over.</summary>
    public IEnumerable<Formula> FindSubpolicy(
        string policy, IEnumerable<string> required, IEnumerable<string> prohibited, IEnumerable<string> outputs)
    {
        var rules = Program.Policies[policy].Rules.Values.OrderBy(r => r.Order).Select(r => r.Formula with { Annotations = Annotations.None });
        return SubpolicySearch.Run(rules.Concat(Facts(policy)), required, prohibited, outputs);
    }

    /// <summary>How the tables of all rules depend on each other, those of rules that wait included.</summary>
    public TableGraph Dependencies => TableGraphBuilder.Of(this);

    /// <summary>Tells how all rules would be evaluated with the rows there are.</summary>
    public PlanReport Explain()
    {
        var reporter = new PlanReporter(this);
        foreach (var (component, plan) in Plans())
        {
            reporter.Add(component, plan);
        }

        return reporter.Report(elapsed: null, rows: null);
    }

    /// <summary>Evaluates all rules anew and tells how that was done.</summary>
    /// <param name="request">The evaluation, with a clock.</param>
    /// <param name="elapsed">The time that a number of the clock's ticks is.</param>
    public PlanReport Profile(EvaluationRequest request, Func<long, TimeSpan> elapsed)
    {
        var reporter = new PlanReporter(this);
        EvaluateAnew(request with { OnExecuted = reporter.Add });
        return reporter.Report(elapsed, table => RowsOf(table, request)?.Count ?? 0);
    }

    private Rule CheckQuery(Formula query, string policy)
    {
        var findings = new Findings();
        var rule = Check(query, policy, findings);
        return rule ?? throw new PolicyException(findings.HasErrors ? findings.Diagnostics : [.. findings.WaitsFor.Select(w =>
            Diagnostic.Error(DiagnosticCode.UnknownPolicy, query.Span, $"the columns of {w} are not known"))]);
    }

    private IEnumerable<Formula> Facts(string policy)
    {
        foreach (var table in Tables.Where(t => t.Policy == policy).Order())
        {
            for (var i = 0; i < (FactsOf(table)?.Count ?? 0); i++)
            {
                var terms = RowOf(FactsOf(table)![i]).Select(v => (Term)new Constant(v));
                var atom = new Atom(table.IsAction ? Modal.Execute : Modal.None, null, table.Table, new([.. terms]), NodeList<NamedArgument>.Empty);
                yield return new(new(new AtomLiteral(atom, false)), NodeList<Literal>.Empty, Annotations.None);
            }
        }
    }
}
