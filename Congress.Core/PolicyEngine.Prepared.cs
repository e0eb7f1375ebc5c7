using Congress.Data;
using Congress.Datalog.Answers;
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
            return new PreparedQuery((values, token) => Answer(question, values, token), (values, token) => HasAnswer(question, values, token));
        });
    }

    private IReadOnlyList<Row> Answer(PreparedQuestion question, ReadOnlySpan<Value> values, CancellationToken cancellationToken)
    {
        Row[]? rows;
        using (ReadFor(question, values))
        {
            rows = _engine.TryAnswer(question, values, cancellationToken);
        }

        GrantWishes();
        return rows ?? AnswerAnew(question, values, cancellationToken);
    }

    private bool HasAnswer(PreparedQuestion question, ReadOnlySpan<Value> values, CancellationToken cancellationToken)
    {
        bool? isAny;
        using (ReadFor(question, values))
        {
            isAny = _engine.HasAnswer(question, values, cancellationToken);
        }

        GrantWishes();
        return isAny ?? AnswerAnew(question, values, cancellationToken).Count > 0;
    }

    /// <summary>Makes sure that a question can be asked, and begins to read.</summary>
    private VersionLock.Reading ReadFor(PreparedQuestion question, ReadOnlySpan<Value> values)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        RefuseFromWithin();
        return values.Length == question.Given.Length ? _versions.Read() : throw new ArgumentException(
            $"The query is asked with {values.Length} values; it is given {question.Given.Length}: {string.Join(", ", question.Given)}.", nameof(values));
    }

    /// <summary>Checks a query again, as rules have changed, or answers it from tables that are worked out now.</summary>
    private IReadOnlyList<Row> AnswerAnew(PreparedQuestion question, ReadOnlySpan<Value> values, CancellationToken cancellationToken)
    {
        var given = values.ToArray();
        return Read(view =>
        {
            question.Check(view);
            return question.Answer(view, given);
        }, cancellationToken);
    }
}
