using System.Reflection;

namespace Congress.Tests.Architecture;

/// <summary>Who may import whom in Congress.Core: each namespace sees only those that stand for earlier stages.</summary>
public sealed class ImportTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Data"] = [],
        ["Diagnostics"] = ["Data"],
        ["Datalog.Syntax"] = ["Data", "Diagnostics"],
        ["Datalog.Builtins"] = ["Data", "Diagnostics"],
        ["Datalog.Storage"] = ["Data", "Diagnostics"],
        ["Datalog.Analysis"] = ["Data", "Diagnostics", "Datalog.Syntax", "Datalog.Builtins"],
        ["Datalog.Programs"] = ["Data", "Diagnostics", "Datalog.Syntax", "Datalog.Builtins", "Datalog.Storage", "Datalog.Analysis"],
        ["Datalog.Planning"] = ["Data", "Diagnostics", "Datalog.Syntax", "Datalog.Builtins", "Datalog.Analysis"],
        ["Datalog.Evaluation"] = ["Data", "Diagnostics", "Datalog.Syntax", "Datalog.Builtins", "Datalog.Storage", "Datalog.Analysis", "Datalog.Planning"],
        ["Datalog.Maintenance"] = ["Data", "Diagnostics", "Datalog.Syntax", "Datalog.Builtins", "Datalog.Storage", "Datalog.Analysis", "Datalog.Programs", "Datalog.Planning", "Datalog.Evaluation"],
        ["Datalog"] = ["Data", "Diagnostics", "Datalog.*"],
        ["Datalog.Answers"] = ["Data", "Diagnostics", "Datalog", "Datalog.*"],
        ["Policies"] = ["Data", "Diagnostics", "Datalog", "Datalog.Answers", "Datalog.Builtins", "Datalog.Programs", "Datalog.Syntax"],
        ["Policies.Explaining"] = ["Data", "Diagnostics", "Datalog", "Datalog.Analysis", "Datalog.Answers", "Datalog.Evaluation", "Datalog.Programs", "Datalog.Storage", "Datalog.Syntax", "Policies"],   // looks into rules
        ["Policies.Linting"] = ["Data", "Diagnostics", "Datalog", "Datalog.Analysis", "Datalog.Evaluation", "Datalog.Programs", "Datalog.Syntax"],
        ["Policies.Serving"] = ["Data", "Diagnostics", "Policies", "Policies.Explaining", "Bus"],   // what engines on the bus are asked, as data
        ["Policies.Library"] = ["Data", "Diagnostics", "Bus"],
        ["Actions"] = ["Data", "Diagnostics", "Bus"],   // where policies and datasources meet
        ["Policies.Enforcement"] = ["Data", "Diagnostics", "Datalog.Answers", "Datalog.Syntax", "Policies", "Actions", "Bus"],
        ["Datasources"] = ["Data", "Diagnostics", "Actions", "Bus"],
        ["Persistence"] = ["Data", "Diagnostics", "Policies", "Policies.*", "Datasources", "Actions", "Bus"],   // implements what these declare
        ["Api"] = ["Data", "Diagnostics", "Policies", "Policies.*", "Datasources", "Actions", "Bus"],   // sees services by their messages only
        ["Bus.Protocol"] = ["Data", "Diagnostics"],
        ["Bus"] = ["Data", "Diagnostics", "Bus.Protocol"],
        [""] = ["Data", "Diagnostics", "Datalog", "Datalog.Answers", "Datalog.Builtins", "Datalog.Evaluation", "Datalog.Programs", "Datalog.Syntax", "Policies", "Policies.Explaining", "Policies.Linting", "Policies.Serving", "Policies.Enforcement", "Datasources", "Bus"],
    };

    [Fact]
    public void A_namespace_imports_only_earlier_stages()
    {
        var wrong = typeof(PolicyEngine).Assembly.GetTypes().Where(t => t.Namespace is not null)
            .SelectMany(type => UsesOf(type).Select(used => (From: LayerOf(type), To: LayerOf(used), Type: type.FullName, Used: used.FullName)))
            .Where(use => use.From != use.To && !IsAllowed(use.From, use.To))
            .Select(use => $"{use.Type} uses {use.Used}").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_library_depends_on_light_packages_only() =>
        Assert.All(typeof(PolicyEngine).Assembly.GetReferencedAssemblies(), assembly => Assert.True(
            assembly.Name!.StartsWith("System.", StringComparison.Ordinal) || assembly.Name is "System" or "netstandard" or "Microsoft.Win32.Primitives"
            || assembly.Name.StartsWith("Microsoft.Data.Sqlite", StringComparison.Ordinal) || assembly.Name is "SQLitePCLRaw.core"   // which it is made of
            || assembly.Name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal), assembly.Name));

    private static bool IsAllowed(string from, string to) => Allowed[from].Any(allowed =>
        allowed == to || allowed == "*" || (allowed.EndsWith(".*", StringComparison.Ordinal) && to.StartsWith(allowed[..^1], StringComparison.Ordinal)));

    /// <summary>The longest listed namespace that a type stands in.</summary>
    private static string LayerOf(Type type)
    {
        var name = (type.Namespace ?? "Congress")["Congress".Length..].TrimStart('.');
        while (!Allowed.ContainsKey(name))
        {
            name = name.Contains('.', StringComparison.Ordinal) ? name[..name.LastIndexOf('.')] : "";
        }

        return name;
    }

    /// <summary>The types of the assembly that a type names: in its base, members, signatures and local variables.</summary>
    private static IEnumerable<Type> UsesOf(Type type)
    {
        const BindingFlags all = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
        var methods = type.GetMethods(all).Cast<MethodBase>().Concat(type.GetConstructors(all)).ToArray();
        return new[] { type.BaseType }.Concat(type.GetInterfaces())
            .Concat(type.GetFields(all).Select(f => f.FieldType))
            .Concat(methods.SelectMany(m => m.GetParameters().Select(p => p.ParameterType)))
            .Concat(methods.OfType<MethodInfo>().Select(m => m.ReturnType))
            .Concat(methods.SelectMany(m => m.GetMethodBody()?.LocalVariables.Select(v => v.LocalType) ?? []))
            .SelectMany(Parts).Where(used => used.Assembly == type.Assembly && used.Namespace is not null);
    }

    private static IEnumerable<Type> Parts(Type? type) =>
        type is null ? []
        : type.HasElementType ? Parts(type.GetElementType())
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition())
        : [type];
}
