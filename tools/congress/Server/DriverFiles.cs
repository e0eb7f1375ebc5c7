using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Congress.Datasources;

namespace Congress.Cli.Server;

/// <summary>Drivers of others, in assemblies.</summary>
internal static class DriverFiles
{
    /// <summary>The drivers of the library, and those of the assemblies in a folder.</summary>
    /// <exception cref="InputException">The folder or an assembly cannot be read, or has no driver.</exception>
    public static DriverRegistry Read(string? folder)
    {
        if (folder is null)
        {
            return DriverRegistry.BuiltIn;
        }

        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            throw new InputException(folder, "this build of the command is native, and cannot load assemblies; drivers need the one that 'dotnet tool install' brings, or 'dotnet run'");
        }

        try
        {
            return Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal).SelectMany(Factories).Aggregate(DriverRegistry.BuiltIn, (registry, factory) => registry.With(factory));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(folder, $"drivers cannot be read: {exception.Message}", exception);
        }
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Native builds say above that they cannot.")]
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "The same.")]
    private static IReadOnlyList<IDriverFactory> Factories(string file)
    {
        try
        {
            IDriverFactory[] factories =
            [
                .. Assembly.LoadFrom(Path.GetFullPath(file)).GetExportedTypes()
                    .Where(t => t is { IsAbstract: false, IsClass: true } && t.IsAssignableTo(typeof(IDriverFactory)) && t.GetConstructor(Type.EmptyTypes) is not null)
                    .Select(t => (IDriverFactory)Activator.CreateInstance(t)!),
            ];
            return factories;
        }
        catch (Exception exception) when (exception is BadImageFormatException or FileLoadException or TypeLoadException or ReflectionTypeLoadException or TargetInvocationException or FileNotFoundException)
        {
            throw new InputException(file, $"its drivers cannot be loaded: {exception.Message}", exception);
        }
    }
}
