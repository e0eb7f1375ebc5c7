using Congress.Data;
using Congress.Datalog.Syntax;

namespace Congress.Datalog.Analysis;

/// <summary>Checks a question that is one atom: the answer is its rows, with all columns.</summary>
internal static class QueryAnalyzer
{
    /// <summary>The rule whose rows answer the question; null when the atom is wrong, which the findings tell.</summary>
    /// <param name="atom">The atom.</param>
    /// <param name="policy">The policy that it is asked in.</param>
    /// <param name="scope">What it can refer to.</param>
    /// <param name="findings">What is wrong with it.</param>
    /// <param name="given">The variables whose values come with the question; they have the first slots.</param>
    public static Rule? Check(Atom atom, string policy, IProgramScope scope, Findings findings, params ReadOnlySpan<string> given)
    {
        var literal = new AtomLiteral(atom, false) { Span = atom.Span };
        var formula = new Formula(new(literal), new(literal), Annotations.None) { Span = atom.Span };
        var variables = new RuleVariables(keepAnonymous: true);
        var bound = new HashSet<int>();
        foreach (var name in given)
        {
            bound.Add(variables.SlotOf(name));
        }

        var names = new NameResolver(policy, scope, findings);
        if (!FormChecks.HasRoom(formula, findings))
        {
            return null;
        }

        if (FormChecks.Truth(atom) is { } holds)
        {
            return new(formula, policy, new(policy, atom.Table), [], [new TruthLiteral(holds, literal)], variables.Names);
        }

        if (!names.TryBuiltin(atom, out var builtin))
        {
            return null;
        }

        var table = builtin is null ? names.TableOf(atom) : new TableName("builtin", builtin.Name);
        var columns = builtin is null
            ? names.Arguments(atom, table, variables.Positive, variables.Open, padPositional: false)
            : [.. atom.Arguments.Select(variables.Positive)];
        if (columns is null)
        {
            foreach (var missing in findings.WaitsFor)
            {
                findings.Error(Diagnostics.DiagnosticCode.UnknownPolicy, atom.Span, $"the columns of {missing} are not known");
            }

            return null;
        }

        BodyLiteral body = builtin is null
            ? new TableLiteral(table, columns, Negated: false, literal)
            : new BuiltinLiteral(builtin, columns, Negated: false, literal);
        if (!SafetyOrder.IsReady(body, bound))
        {
            findings.Error(Diagnostics.DiagnosticCode.UnsafeLiteral, atom.Span, $"{atom} leaves an input open", NameResolver.InputsOf(builtin!));
            return null;
        }

        return new(formula, policy, table, Array.ConvertAll(columns, c => new HeadTerm(c)), [body], variables.Names);
    }
}
