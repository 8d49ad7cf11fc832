declare module '*.css'
declare module '@fontsource-variable/inter/wght.css'
declare module '@fontsource/jetbrains-mono/latin-400.css'
