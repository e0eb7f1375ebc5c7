using Congress.Diagnostics;

namespace Congress.Datalog.Builtins;

/// <summary>A builtin was about to build a text longer than the evaluation allows.</summary>
/// <remarks>The only exception that our own builtins throw; the evaluation turns it into a diagnostic.</remarks>
internal sealed class BuiltinLimitException(long length, int limit)
    : CongressException($"a text of {length} characters is longer than the limit of {limit}");
