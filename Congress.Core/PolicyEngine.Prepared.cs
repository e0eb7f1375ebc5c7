using Congress.Data;
using Congress.Datalog;
using Congress.Datalog.Answers;
using Congress.Datalog.Maintenance;
using Congress.Datalog.Storage;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;
using Congress.Policies;

namespace Congress;

/// <summary>Queries that are asked often.</summary>
public sealed partial class PolicyEngine
{
    /// <summary>Prepares a query that will be asked often, each time with other values for some of its variables.</summary>
    /// <param name="query">The query, as for <see cref="Query(string, string?, CancellationToken)"/>.</param>
    /// <param name="given">The variables of the query that get values, in the order in which these will come.</param>
    /// <param name="policy">The policy that it is asked in; null for the default one.</param>
    /// <returns>The query, which many threads may ask at once.</returns>
    /// <exception cref="PolicyException">The query is wrong.</exception>
    /// <exception cref="ArgumentException">A variable that is given does not stand in the query, or is named twice.</exception>
    public PreparedQuery Prepare(string query, IEnumerable<string> given, string? policy = null)
    {
        ArgumentNullException.ThrowIfNull(given);
        var formula = ParseQuery(query);
        string[] names = [.. given];
        var variables = formula.Variables.ToHashSet(StringComparer.Ordinal);
        if (Array.Find(names, name => !variables.Remove(name)) is { } odd)
        {
            throw new ArgumentException($"The query {formula} has no variable '{odd}', or it is given twice; it has {string.Join(", ", formula.Variables.Distinct(StringComparer.Ordinal))}.", nameof(given));
        }

        return Read(view =>
        {
            var question = new PreparedQuestion(formula, RequirePolicy(policy, view), names);
            question.Check(view);
            return new PreparedQuery(this, question);
        });
    }

    /// <summary>The answers to a prepared query.</summary>
    internal IReadOnlyList<Row> Answer(PreparedQuestion question, ReadOnlySpan<Value> values) =>
        TryAnswer(question, values, PlanKind.Answers, (answers, symbols) =>
        {
            var rows = new Row[answers.Count];
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i] = symbols.RowOf(answers[i]);
            }

            return rows;
        }) ?? AnswerAnew(question, values);

    /// <summary>Whether a prepared query has an answer.</summary>
    internal bool HasAnswer(PreparedQuestion question, ReadOnlySpan<Value> values) =>
        TryAnswer(question, values, PlanKind.AnyAnswer, (answers, _) => (bool?)(answers.Count > 0)) ?? AnswerAnew(question, values).Count > 0;

    private T? TryAnswer<T>(PreparedQuestion question, ReadOnlySpan<Value> values, PlanKind kind, Func<Relation, SymbolScope, T> convert)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        RefuseFromWithin();
        if (values.Length != question.Given.Length)
        {
            throw new ArgumentException(
                $"The query is asked with {values.Length} values; it is given {question.Given.Length}: {string.Join(", ", question.Given)}.", nameof(values));
        }

        _versions.EnterReadLock();
        try
        {
            return _engine.HasClock || _engine.TryAnswer(question, values, kind, out var symbols) is not { } answers ? default : convert(answers, symbols);
        }
        finally
        {
            _versions.ExitReadLock();
            if (_engine.HasWishes)
            {
                GrantWishes();
            }
        }
    }

    /// <summary>Checks a query again, as rules have changed, or answers it from tables that are worked out now.</summary>
    private IReadOnlyList<Row> AnswerAnew(PreparedQuestion question, ReadOnlySpan<Value> values)
    {
        var given = values.ToArray();
        return Read(view =>
        {
            question.Check(view);
            return question.Answer(view, given);
        });
    }
}
