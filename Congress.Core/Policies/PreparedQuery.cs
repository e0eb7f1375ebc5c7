using Congress.Data;

namespace Congress.Policies;

/// <summary>A query that is asked often, each time with other values for some of its variables: it is read, checked and planned once.</summary>
/// <example><c>var onNetwork = engine.Prepare("net(vm, n)", ["n"]); var vms = onNetwork.Ask&lt;string, string&gt;("net-b");</c></example>
/// <remarks>Thread safe. Each answer is of the version that the engine has when it is asked.</remarks>
public sealed class PreparedQuery
{
    private readonly Func<ReadOnlySpan<Value>, CancellationToken, IReadOnlyList<Row>> _answer;
    private readonly Func<ReadOnlySpan<Value>, CancellationToken, bool> _hasAnswer;

    internal PreparedQuery(
        Func<ReadOnlySpan<Value>, CancellationToken, IReadOnlyList<Row>> answer, Func<ReadOnlySpan<Value>, CancellationToken, bool> hasAnswer) =>
        (_answer, _hasAnswer) = (answer, hasAnswer);

    /// <summary>Whether the query holds for some values.</summary>
    /// <param name="values">The values, in the order in which the variables were named.</param>
    /// <exception cref="ArgumentException">There are more values than variables, or fewer.</exception>
    /// <exception cref="Diagnostics.PolicyException">The rules have changed so that the query is wrong, or its evaluation failed.</exception>
    public bool Any(params ReadOnlySpan<Value> values) => _hasAnswer(values, default);

    /// <inheritdoc cref="Any(ReadOnlySpan{Value})"/>
    /// <param name="values">The values.</param>
    /// <param name="cancellationToken">Stops the evaluation, where there is one.</param>
    public bool Any(ReadOnlySpan<Value> values, CancellationToken cancellationToken) => _hasAnswer(values, cancellationToken);

    /// <summary>The answers for some values: distinct rows of all columns of the atom's table, or of the head of the rule.</summary>
    /// <inheritdoc cref="Any(ReadOnlySpan{Value})"/>
    public IReadOnlyList<Row> Ask(params ReadOnlySpan<Value> values) => _answer(values, default);

    /// <inheritdoc cref="Ask(ReadOnlySpan{Value})"/>
    /// <param name="values">The values.</param>
    /// <param name="cancellationToken">Stops the evaluation, where there is one.</param>
    public IReadOnlyList<Row> Ask(ReadOnlySpan<Value> values, CancellationToken cancellationToken) => _answer(values, cancellationToken);

    /// <summary>The answers of a query with one column.</summary>
    /// <inheritdoc cref="Any(ReadOnlySpan{Value})"/>
    public IReadOnlyList<T> Ask<T>(params ReadOnlySpan<Value> values) => Convert(Ask(values), 1, row => row[0].As<T>());

    /// <summary>The answers of a query with two columns.</summary>
    /// <inheritdoc cref="Any(ReadOnlySpan{Value})"/>
    public IReadOnlyList<(T1, T2)> Ask<T1, T2>(params ReadOnlySpan<Value> values) => Convert(Ask(values), 2, row => (row[0].As<T1>(), row[1].As<T2>()));

    /// <summary>The answers of a query with three columns.</summary>
    /// <inheritdoc cref="Any(ReadOnlySpan{Value})"/>
    public IReadOnlyList<(T1, T2, T3)> Ask<T1, T2, T3>(params ReadOnlySpan<Value> values) =>
        Convert(Ask(values), 3, row => (row[0].As<T1>(), row[1].As<T2>(), row[2].As<T3>()));

    private static T[] Convert<T>(IReadOnlyList<Row> rows, int columns, Func<Row, T> convert)
    {
        var result = new T[rows.Count];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = rows[i].Count == columns ? convert(rows[i])
                : throw new InvalidOperationException($"The query has {rows[i].Count} columns, not {columns}; a rule such as q(x) :- ... chooses columns.");
        }

        return result;
    }
}
