using System.Diagnostics;
using System.Globalization;
using System.Text;
using Congress.Data;

namespace Congress.Datalog.Syntax;

/// <summary>Prints trees in the one canonical form: strings in double quotes, <c>not</c> for negation, one space after commas.</summary>
internal static class Printer
{
    public static string Print(SyntaxNode node)
    {
        var result = new StringBuilder();
        _ = node switch
        {
            Term term => result.AppendNode(term),
            Atom atom => result.AppendNode(atom),
            NamedArgument argument => result.AppendNode(argument),
            Literal literal => result.AppendNode(literal),
            Formula formula => result.AppendNode(formula),
            Declaration declaration => result.AppendNode(declaration),
            Event change => result.AppendNode(change),
            _ => throw new UnreachableException(),
        };
        return result.ToString();
    }

    public static string Symbol(ComparisonOperator comparison) => comparison switch
    {
        ComparisonOperator.Equal => "=",
        ComparisonOperator.NotEqual => "!=",
        ComparisonOperator.Less => "<",
        ComparisonOperator.LessOrEqual => "<=",
        ComparisonOperator.Greater => ">",
        ComparisonOperator.GreaterOrEqual => ">=",
    };

    /// <summary>The name of a modal, as it stands before its bracket.</summary>
    public static string Name(Modal modal) => modal.ToString().ToLowerInvariant();

    private static StringBuilder AppendNode(this StringBuilder result, Term term) => term switch
    {
        Variable variable => result.Append(variable.Name),
        Constant constant => result.Append(constant.Value.ToString()),
        Aggregate a => result.Append(a.Function.ToString().ToLowerInvariant()).Append(a.Distinct ? "(distinct " : "(")
            .Append(a.Variable.Name).Append(')'),
        _ => throw new UnreachableException(),
    };

    private static StringBuilder AppendNode(this StringBuilder result, NamedArgument argument) =>
        result.Append(argument.Column ?? argument.Position.ToString(CultureInfo.InvariantCulture)).Append('=').AppendNode(argument.Term);

    private static StringBuilder AppendNode(this StringBuilder result, Atom atom)
    {
        if (atom.Modal != Modal.None)
        {
            result.Append(Name(atom.Modal)).Append('[');
        }

        result.Append(atom.FullName).Append('(');
        var separator = "";
        foreach (var argument in atom.Arguments)
        {
            result.Append(separator).AppendNode(argument);
            separator = ", ";
        }

        foreach (var argument in atom.Named)
        {
            result.Append(separator).AppendNode(argument);
            separator = ", ";
        }

        return result.Append(atom.Modal != Modal.None ? ")]" : ")");
    }

    private static StringBuilder AppendNode(this StringBuilder result, Literal literal) => literal switch
    {
        AtomLiteral atom => result.Append(atom.Negated ? "not " : "").AppendNode(atom.Atom),
        Comparison c => result.AppendNode(c.Left).Append(' ').Append(Symbol(c.Operator)).Append(' ').AppendNode(c.Right),
        _ => throw new UnreachableException(),
    };

    private static StringBuilder AppendList(this StringBuilder result, IEnumerable<Literal> literals)
    {
        var separator = "";
        foreach (var literal in literals)
        {
            result.Append(separator).AppendNode(literal);
            separator = ", ";
        }

        return result;
    }

    /// <summary>The annotations, each as it is written before a rule.</summary>
    public static IEnumerable<string> Print(Annotations annotations)
    {
        if (annotations.Id is { } id)
        {
            yield return $"@id({TextLiteral.Quote(id)})";
        }

        if (annotations.Severity is { } severity)
        {
            yield return $"@severity({severity})";
        }

        if (annotations.Message is { } message)
        {
            yield return $"@message({TextLiteral.Quote(message)})";
        }
    }

    private static StringBuilder AppendNode(this StringBuilder result, Formula formula)
    {
        foreach (var annotation in Print(formula.Annotations))
        {
            result.Append(annotation).Append(' ');
        }

        result.AppendList(formula.Heads);
        return formula.IsFact ? result : result.Append(" :- ").AppendList(formula.Body);
    }

    private static StringBuilder AppendNode(this StringBuilder result, Declaration declaration) =>
        result.Append("declare ").Append(declaration.Policy is null ? "" : declaration.Policy + ":").Append(declaration.Table)
            .Append('(').AppendJoin(", ", declaration.Columns).Append(')');

    private static StringBuilder AppendNode(this StringBuilder result, Event change)
    {
        result.Append(change.IsInsert ? "insert[" : "delete[").AppendNode(change.Rule);
        return (change.Policy is null ? result : result.Append("; ").Append(TextLiteral.Quote(change.Policy))).Append(']');
    }
}
