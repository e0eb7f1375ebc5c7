using Congress.Data;
using Congress.Datalog.Syntax;

namespace Congress.Datalog.Analysis;

/// <summary>Checks a question that is one atom: the answer is its rows, with all columns.</summary>
internal static class QueryAnalyzer
{
    /// <summary>The rule whose rows answer the question; null when the atom is wrong, which the findings tell.</summary>
    public static Rule? Check(Atom atom, string policy, IProgramScope scope, Findings findings)
    {
        var literal = new AtomLiteral(atom, false) { Span = atom.Span };
        var formula = new Formula(new(literal), new(literal), Annotations.None) { Span = atom.Span };
        var variables = new RuleVariables(keepAnonymous: true);
        var names = new NameResolver(policy, scope, findings);
        if (!FormChecks.HasRoom(formula, findings))
        {
            return null;
        }

        if (FormChecks.Truth(atom) is { } holds)
        {
            return new(formula, policy, new(policy, atom.Table), [], [new TruthLiteral(holds, literal)], []);
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
        if (!SafetyOrder.IsReady(body, []))
        {
            findings.Error(Diagnostics.DiagnosticCode.UnsafeLiteral, atom.Span, $"{atom} leaves an input open", NameResolver.InputsOf(builtin!));
            return null;
        }

        return new(formula, policy, table, Array.ConvertAll(columns, c => new HeadTerm(c)), [body], variables.Names);
    }
}
