using Congress.Data;
using Congress.Datalog.Analysis;
using Congress.Datalog.Programs;
using Congress.Datalog.Storage;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Datalog.Answers;

/// <summary>A query that is asked often, some of whose variables get their values each time.</summary>
/// <remarks>It is checked again when the rules have changed. Thread safe.</remarks>
/// <param name="query">The query.</param>
/// <param name="policy">The policy that it is asked in.</param>
/// <param name="given">The variables that get values.</param>
internal sealed class PreparedQuestion(Formula query, string policy, string[] given)
{
    private volatile Checked? _checked;

    /// <summary>The names of the variables that get values.</summary>
    public ReadOnlySpan<string> Given => given;

    /// <summary>What was found out about the question, when it can be answered as it is: the rules have not changed since, it reads
    /// neither the clock nor a table whose rows must be worked out, and adds nothing up. Null otherwise.</summary>
    /// <param name="program">The program as it is.</param>
    /// <param name="database">Its rows.</param>
    public DirectQuestion? Direct(PolicyProgram program, Database database)
    {
        if (_checked is not { Direct: { } direct } known || !ReferenceEquals(known.Program, program))
        {
            return null;
        }

        foreach (var table in known.Derived)
        {
            if (database.DerivedOf(table) is null)
            {
                return null;
            }
        }

        return direct;
    }

    /// <summary>Checks the query against the program of a view.</summary>
    /// <exception cref="PolicyException">The query is wrong.</exception>
    public void Check(View view)
    {
        if (_checked is { } known && ReferenceEquals(known.Program, view.Program))
        {
            return;
        }

        var rule = view.Check(query, policy, given);
        var isDirect = !rule.IsAggregate && !rule.ReadsClock;
        _checked = new(view.Program, isDirect ? new(rule, PointLookup.Of(rule, given.Length)) : null, [.. rule.Tables.Select(t => t.Table).Distinct().Where(t => view.Program.DefinitionsOf(t).Length > 0)]);
    }

    /// <summary>Answers with values in place of the variables.</summary>
    /// <exception cref="PolicyException">The query is wrong, or its evaluation failed.</exception>
    public IReadOnlyList<Row> Answer(View view, ReadOnlySpan<Value> values)
    {
        var known = values.ToArray();
        Value? ValueOf(string name) => Array.IndexOf(given, name) is var i and >= 0 ? known[i] : default(Value?);
        var asked = query with
        {
            Heads = new([.. query.Heads.Select(h => (AtomLiteral)h.With(ValueOf))]),
            Body = new([.. query.Body.Select(l => l.With(ValueOf))]),
        };
        return view.Query(asked, policy).Rows;
    }

    private sealed record Checked(PolicyProgram Program, DirectQuestion? Direct, TableName[] Derived);
}

/// <summary>A question that is answered from tables as they are.</summary>
/// <param name="Rule">The rule whose rows are the answers, with the given variables in the first slots.</param>
/// <param name="Lookup">The lookup that is all of it; null when the rule must be run.</param>
internal sealed record DirectQuestion(Rule Rule, PointLookup? Lookup);
