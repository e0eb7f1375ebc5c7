using System.Diagnostics;
using Congress.Data;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Datalog.Analysis;

/// <summary>Checks one rule: its form, its names, its safety.</summary>
/// <remarks>The checks and their order are those of OpenStack Congress (<c>compile.rule_errors</c>), extended to aggregates,
/// comparisons and declarations. Recursion is checked later, over all rules together.</remarks>
internal sealed class RuleAnalyzer
{
    private readonly Formula _formula;
    private readonly string _policy;
    private readonly PolicyKind _kind;
    private readonly IProgramScope _scope;
    private readonly Findings _findings;
    private readonly NameResolver _names;
    private readonly RuleVariables _variables;

    private RuleAnalyzer(Formula formula, string policy, IProgramScope scope, Findings findings, bool keepAnonymous = false)
    {
        _formula = formula;
        _policy = policy;
        _kind = scope.KindOf(policy) ?? PolicyKind.Nonrecursive;
        _scope = scope;
        _findings = findings;
        _names = new(policy, scope, findings);
        _variables = new(keepAnonymous || formula.Heads.Any(h => h.Atom.Terms.Any(t => t is Aggregate)));
    }

    /// <summary>Checks a rule of a policy.</summary>
    /// <returns>The checked rule; null when it is wrong or must wait, which the findings tell.</returns>
    public static Rule? Check(Formula formula, string policy, IProgramScope scope, Findings findings) =>
        FormChecks.HasRoom(formula, findings) && FormChecks.IsOneRule(formula, policy, scope, findings)
            ? new RuleAnalyzer(formula, policy, scope, findings).Check(isQuery: false) : null;

    /// <summary>Checks a rule that is asked and not stored; its head is no table of the policy.</summary>
    /// <param name="formula">The rule.</param>
    /// <param name="policy">The policy that it is asked in.</param>
    /// <param name="scope">What it can refer to.</param>
    /// <param name="findings">What is wrong with it.</param>
    /// <param name="given">The variables whose values come with the question; they have the first slots.</param>
    public static Rule? CheckQuery(Formula formula, string policy, IProgramScope scope, Findings findings, params ReadOnlySpan<string> given) =>
        FormChecks.HasRoom(formula, findings) ? new RuleAnalyzer(formula, policy, scope, findings).Check(isQuery: true, given) : null;

    /// <summary>An active rule with a slot for every column of a positive condition, so that a binding tells all of its rows.</summary>
    public static Rule Open(Formula formula, string policy, IProgramScope scope) =>
        new RuleAnalyzer(formula, policy, scope, new(), keepAnonymous: true).Check(isQuery: false) ?? throw new UnreachableException();

    private Rule? Check(bool isQuery, params ReadOnlySpan<string> given)
    {
        var bound = new HashSet<int>();
        foreach (var name in given)
        {
            bound.Add(_variables.SlotOf(name));
        }

        var body = new List<BodyLiteral>(_formula.Body.Count);
        foreach (var literal in _formula.Body)
        {
            if (Resolve(literal) is { } resolved)
            {
                body.Add(resolved);
            }
        }

        if (_variables.Names.Length > FormLimits.MaxVariables)
        {
            _findings.Error(DiagnosticCode.TooMuch, _formula.Span,
                $"the rule has {_variables.Names.Length} variables; at most {FormLimits.MaxVariables} are allowed", "let helper tables hold parts of the body");
        }

        if (_findings.HasErrors || _findings.WaitsFor.Count > 0)
        {
            return null;
        }

        var (ordered, unsafeLiterals) = SafetyOrder.Of(body, bound);
        foreach (var (literal, lacking) in unsafeLiterals)
        {
            ReportUnsafe(literal, lacking);
        }

        // A variable that an unsafe literal lacks has been reported there, so the head takes it as bound.
        bound.UnionWith(body.SelectMany(l => l.Slots));
        var head = _names.TableOf(_formula.Head);
        var terms = HeadTerms(head, bound, isQuery);
        return _findings.HasErrors || terms is null ? null : new(_formula, _policy, head, terms, ordered, _variables.Names);
    }

    private BodyLiteral? Resolve(Literal literal) => literal switch
    {
        Comparison c => new ComparisonLiteral(_variables.Keep(c.Left), c.Operator, _variables.Keep(c.Right), c),
        AtomLiteral atom => Resolve(atom),
        _ => null,
    };

    private BodyLiteral? Resolve(AtomLiteral literal)
    {
        var (atom, negated) = (literal.Atom, literal.Negated);
        if (atom.Terms.FirstOrDefault(t => t is Aggregate) is { } aggregate)
        {
            _findings.Error(DiagnosticCode.BadAggregate, aggregate.Span, $"the aggregate {aggregate} stands in a body",
                "aggregates stand in heads: size(app, count(vm)) :- ...; use the table that it derives");
            return null;
        }

        if (FormChecks.Truth(atom) is { } holds)
        {
            return new TruthLiteral(holds != negated, literal);
        }

        if (!_names.TryBuiltin(atom, out var builtin))
        {
            return null;
        }

        if (builtin is not null)
        {
            var arguments = atom.Arguments.Select((term, i) =>
                i < builtin.Inputs ? _variables.Keep(term) : negated ? _variables.Operand(term) : _variables.Positive(term));
            return new BuiltinLiteral(builtin, [.. arguments], negated, literal);
        }

        var table = _names.TableOf(atom);
        Func<Term, Operand> operand = negated ? _variables.Operand : _variables.Positive;
        Func<Operand> open = negated ? () => Operand.Anything : _variables.Open;
        var columns = _names.Arguments(atom, table, operand, open, padPositional: !negated);
        if (columns is null)
        {
            return null;
        }

        if (atom.Modal == Modal.None)
        {
            _names.WarnIfUndefined(atom, table);
        }

        return new TableLiteral(table, columns, negated, literal);
    }

    private HeadTerm[]? HeadTerms(TableName table, HashSet<int> bound, bool isQuery)
    {
        var terms = _formula.Head.Terms.ToArray();
        if (isQuery)
        {
            return Array.ConvertAll(terms, term => HeadTermOf(term, bound));
        }

        // Column references may put the terms in another order: resolve their positions, each in the place of its term.
        var position = 0;
        var columns = _names.Arguments(_formula.Head, table, _ => Operand.Variable(position++),
            table.IsAction ? () => Operand.Of(Value.Null) : null, padPositional: false);
        return columns is null ? null : Array.ConvertAll(columns, c => c.IsVariable ? HeadTermOf(terms[c.Slot], bound) : new(c));
    }

    private HeadTerm HeadTermOf(Term term, HashSet<int> bound)
    {
        var variable = term as Variable ?? (term as Aggregate)?.Variable;
        if (variable is null)
        {
            return new(Operand.Of(((Constant)term).Value));
        }

        if (_kind == PolicyKind.Action && term is Variable && !_variables.Has(variable))
        {
            return new(Operand.Of(Value.UnknownNamed(variable.Name)));
        }

        if (variable.IsAnonymous)
        {
            _findings.Error(term is Aggregate ? DiagnosticCode.BadAggregate : DiagnosticCode.UnboundHeadVariable, variable.Span,
                $"'_' in the head {_formula.Head} is bound by nothing", "every _ is a variable of its own; give the one in the body a name");
            return default;
        }

        var operand = _variables.Keep(variable);
        if (!bound.Contains(operand.Slot))
        {
            _findings.Error(DiagnosticCode.UnboundHeadVariable, variable.Span,
                $"variable '{variable.Name}' in the head is not bound by a positive literal of the body", HintFor(variable));
        }

        return term is Aggregate aggregate ? new(operand, aggregate.Function, aggregate.Distinct) : new(operand);
    }

    private string HintFor(Variable variable) =>
        _formula.Body.OfType<AtomLiteral>().FirstOrDefault(l => !l.Negated && FormChecks.Truth(l.Atom) is null) is { } example
            ? $"use it in the body, e.g. in {example.Atom.FullName}"
            : $"add a literal that binds it, e.g. server({variable.Name})";

    private void ReportUnsafe(BodyLiteral literal, int[] lacking)
    {
        var lacked = lacking.Select(s => $"'{_variables.Names[s]}'").Distinct(StringComparer.Ordinal).ToArray();
        var names = string.Join(", ", lacked);
        var (verb, them) = lacked.Length == 1 ? ("is", "it") : ("are", "them");
        _findings.Error(DiagnosticCode.UnsafeLiteral, literal.Source.Span, $"{names} in {literal.Source} {verb} not bound by a positive literal", literal switch
        {
            _ when lacking.Any(s => _variables.Names[s] == Variable.Anonymous) => "every _ is a variable of its own, which nothing else binds",
            TableLiteral => $"add a positive literal that binds {them}, or write _ where any value will do",
            BuiltinLiteral { Negated: false } b => NameResolver.InputsOf(b.Builtin),
            _ => $"add a positive literal that binds {them}",
        });
    }
}
