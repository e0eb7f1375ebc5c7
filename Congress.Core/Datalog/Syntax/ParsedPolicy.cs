using Congress.Diagnostics;

namespace Congress.Datalog.Syntax;

/// <summary>What a text says: its statements in order, and what there is to say about it.</summary>
/// <param name="Statements">The statements that could be read, also when others could not.</param>
/// <param name="Diagnostics">The findings, in the order of the text.</param>
internal sealed record ParsedPolicy(IReadOnlyList<Statement> Statements, IReadOnlyList<Diagnostic> Diagnostics)
{
    public bool HasErrors => Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error);
}
