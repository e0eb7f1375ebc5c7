using Congress.Data;
using Congress.Datalog;
using Congress.Datalog.Analysis;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Policies.Explaining;

/// <summary>Reads what is to be explained.</summary>
internal static class Explained
{
    /// <summary>The table and columns that an atom speaks of.</summary>
    /// <exception cref="PolicyException">It is no atom of a table that somebody knows.</exception>
    public static TableLiteral Literal(Formula asked, string policy, View view)
    {
        var rule = asked.IsFact ? view.Check(asked, policy) : null;
        if (rule?.Body is not [TableLiteral literal])
        {
            throw new PolicyException(Diagnostic.Error(DiagnosticCode.NotAFormula, asked.Span, $"{asked} is no row of a table", "write an atom, such as error(\"vm-1\")"));
        }

        RequireTable(literal.Table, asked.Span, view);
        return literal;
    }

    /// <summary>A table that somebody knows.</summary>
    /// <exception cref="PolicyException">Nobody does.</exception>
    public static TableName Table(string name, string policy, View view)
    {
        var table = TableName.Parse(name, policy);
        RequireTable(table, default, view);
        return table;
    }

    private static void RequireTable(TableName table, SourceSpan span, View view)
    {
        var isWaiting = view.Program.Policies.GetValueOrDefault(table.Policy)?.Rules.Values.Any(r => r.Formula.Head.Table == table.Table) == true;
        if (!isWaiting && !view.Program.Uses.ContainsKey(table) && view.Program.SchemaOf(table) is null && view.FactsOf(table).Count == 0)
        {
            var known = view.AllTables.Concat(view.Program.Uses.Keys).Where(t => t.Policy == table.Policy).Select(t => t.Table).Distinct(StringComparer.Ordinal);
            throw new PolicyException(Diagnostic.Error(DiagnosticCode.UnknownTable, span, $"there is no table {table}",
                Spelling.Closest(table.Table, known) is { } near ? $"did you mean {near}?" : null));
        }
    }

    /// <summary>The table and row that an atom names; where it leaves columns open, the least of its rows.</summary>
    /// <returns>The row; null when there is none.</returns>
    /// <exception cref="PolicyException">It is no atom of a known table.</exception>
    public static (TableName Table, Row? Row) Row(Formula asked, string policy, View view)
    {
        var literal = Literal(asked, policy, view);
        return (literal.Table, Array.TrueForAll(literal.Arguments, a => a.IsConstant)
            ? new Row([.. literal.Arguments.Select(a => a.Constant)])
            : NearestRows.Matching(view, literal).Min());
    }
}
