namespace Congress.Policies;

/// <summary>A way to make a query true.</summary>
/// <param name="Conclusion">The instance of the query that then holds; a variable in it stands for any value.</param>
/// <param name="Needs">What must hold for it besides what holds already: rows of the tables that may be supposed, and
/// conditions on values that are still open.</param>
public sealed record Abduction(string Conclusion, IReadOnlyList<string> Needs)
{
    /// <summary>The two as a rule, or the conclusion alone when it holds already.</summary>
    public override string ToString() => Needs.Count == 0 ? Conclusion : $"{Conclusion} :- {string.Join(", ", Needs)}";
}
