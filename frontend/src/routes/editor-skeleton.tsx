/** The editor's shape while it loads. */
export function EditorSkeleton() {
  return (
    <div className="flex min-h-0 flex-1" aria-busy="true">
      <div className="hidden w-[200px] shrink-0 flex-col gap-3 border-line border-r bg-surface p-3.5 lg:flex">
        <div className="skeleton h-3 w-12" />
        <div className="skeleton h-3.5 w-24" />
        <div className="skeleton h-3.5 w-32" />
        <div className="skeleton h-3.5 w-20" />
      </div>
      <div className="flex min-w-0 flex-1 flex-col gap-2.5 p-5 pt-14">
        {["w-64", "w-40", "w-0", "w-72", "w-52", "w-80", "w-0", "w-60", "w-44"].map((width, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list of bars
          <div key={index} className={`skeleton h-2.5 max-w-full ${width}`} />
        ))}
      </div>
      <div className="hidden w-[400px] shrink-0 flex-col gap-3 border-line border-l bg-surface p-3.5 lg:flex">
        <div className="skeleton h-3 w-12" />
        <div className="skeleton h-[38px]" />
        <div className="skeleton h-24" />
      </div>
    </div>
  );
}
